import { listChanges } from '@takt/db/listing'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { limit } from '../../http/fields.ts'
import { revisionDocument } from '../timings/timing-document.ts'
import { checkToken, readToken, tokenAt } from './feed-token.ts'

const tags = ['changes']

const changeDocument = revisionDocument
  .extend({
    entity: z.enum(['interval', 'cycle']).describe('A step timing or a cycle.'),
    stationId: z.string(),
    body: z
      .unknown()
      .describe('As `GET /v1/timings/{id}` or `GET /v1/cycles/{id}` showed it; of a tombstone, what it removed.'),
  })
  .meta({ id: 'Change' })

const token = z.string().describe('Opaque. Hand it back as `after`.')

export const changeRoutes: Routes = (app, { db }) => {
  app.get(
    '/changes',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Follow every change of timings and cycles',
        description:
          'Finals, revisions, corrections and tombstones, in the order of their commits; nothing is skipped and nothing comes twice. Start without `after`, then hand back `next`. 410: start over, as the problem says.',
        querystring: z.strictObject({
          after: z.string().max(200).optional(),
          limit: limit({ usual: 500, most: 5000 }),
        }),
        response: {
          200: z.object({
            items: z.array(changeDocument),
            next: token,
            more: z.boolean().describe('Whether there are changes after `next` by now.'),
          }),
          ...problems,
        },
      },
    },
    async ({ query }) => {
      const after = query.after === undefined ? null : readToken(query.after)
      const { feed, changes } = await listChanges(db, { after: after?.seq ?? 0n, limit: query.limit })
      if (after) checkToken(after, feed)
      const last = changes.at(-1)?.seq ?? after?.seq ?? feed.prunedThrough
      return {
        items: changes.map(({ seq: _, ...change }) => change),
        next: tokenAt(feed, last),
        more: last < feed.lastSeq,
      }
    },
  )

  app.get(
    '/changes/now',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The place in the feed after all that has happened',
        description: 'To start over: take this, list the timings and cycles, then follow `/v1/changes` from here.',
        response: { 200: z.object({ next: token }), ...problems },
      },
    },
    async () => {
      const { feed } = await listChanges(db, { after: 0n, limit: 1 })
      return { next: tokenAt(feed, feed.lastSeq) }
    },
  )
}
