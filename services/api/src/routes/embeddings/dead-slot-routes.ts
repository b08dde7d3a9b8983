import { retrySlot } from '@takt/db'
import { type DeadSlotDocument, listDeadSlots } from '@takt/db/listing'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { cursor, id, limit, time } from '../../http/fields.ts'
import { cutPage, pageOf, readCursor } from '../../http/page.ts'

const tags = ['embeddings']

const deadSlotDocument = z
  .object({
    viewRevisionId: z.string(),
    encoderId: z.string(),
    segmentId: z.string(),
    stationId: z.string(),
    view: z.string(),
    cameraId: z.string(),
    startTime: time(),
    endTime: time(),
    attempts: z.number().int(),
    error: z.string().nullable(),
  })
  .meta({ id: 'DeadSlot' }) satisfies z.ZodType<DeadSlotDocument>

const slotKey = z.strictObject({ viewRevisionId: id(), encoderId: id(), segmentId: id() })

export const deadSlotRoutes: Routes = (app, { db, jobs, events }) => {
  app.get(
    '/embeddings/dead',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List slots whose attempts are used up',
        querystring: z.strictObject({
          station: id().optional(),
          cursor: cursor(),
          limit: limit({ usual: 100, most: 1000 }),
        }),
        response: { 200: pageOf(deadSlotDocument), ...problems },
      },
    },
    async ({ query }) => {
      const key = readCursor(z.tuple([z.guid(), z.guid(), z.guid()]), query.cursor)
      const after = key && { segmentId: key[0], viewRevisionId: key[1], encoderId: key[2] }
      const rows = await listDeadSlots(db, { after, station: query.station, limit: query.limit + 1 })
      const { items, next } = cutPage(rows, query.limit, last => [last.segmentId, last.viewRevisionId, last.encoderId])
      return { items: [...items], next }
    },
  )

  app.post(
    '/embeddings/retry',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Give dead slots another round of attempts',
        description: 'What heals is decoded by a revision. Slots that are not dead are left as they are and listed.',
        body: z.strictObject({ slots: z.array(slotKey).min(1).max(1000) }),
        response: { 200: z.object({ retried: z.number().int(), notDead: z.array(slotKey) }), ...problems },
      },
    },
    async ({ body: { slots } }) => {
      const notDead: z.output<typeof slotKey>[] = []
      const segments = new Set<string>()
      for (const slot of slots) {
        const key = { viewRevision: slot.viewRevisionId, encoder: slot.encoderId, segment: slot.segmentId }
        if (await retrySlot(db, key)) segments.add(slot.segmentId)
        else notDead.push(slot)
      }
      const added = [...segments].map(segmentId => ({ kind: 'embed-backfill' as const, args: { segmentId } }))
      await jobs
        .addBulk(added)
        .catch((error: unknown) => events.jobNotAdded({ kind: 'embed-backfill', id: [...segments].join(' '), error }))
      return { retried: slots.length - notDead.length, notDead }
    },
  )
}
