import { stationChain } from '@takt/db'
import { openGaps } from '@takt/db/listing'
import { frontier, slotStartMs, watermark } from '@takt/domain'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, time } from '../../http/fields.ts'
import { presentRelease, releaseDocument } from '../releases/release-document.ts'

const statusDocument = z
  .object({
    stationId: z.string(),
    completeThrough: time()
      .nullable()
      .describe('Up to when the timings are whole: nothing that starts earlier is still to come.'),
    decodedThrough: time().nullable(),
    watermark: time()
      .nullable()
      .describe(
        'Up to when the required views are settled and may be decoded; `null` without a release or a required view.',
      ),
    lagMs: z.number().nullable().describe('From `completeThrough` to now.'),
    releaseInForce: releaseDocument.nullable(),
    decodedUnder: z
      .string()
      .nullable()
      .describe('The release that the station is decoded under: until a cycle starts, the one before that in force.'),
    views: z.array(
      z.object({
        viewId: z.string(),
        required: z.boolean(),
        settledUntil: time(),
        waitsFor: z.enum(['pending', 'end-of-chain']),
      }),
    ),
    openGaps: z
      .array(
        z.object({
          viewId: z.string(),
          view: z.string(),
          segmentId: z.string(),
          state: z.enum(['late', 'dead']),
          startTime: time(),
          endTime: time(),
        }),
      )
      .describe('Video that decoding has passed without seeing it; newest first, at most 100.'),
    openRevisions: z.number().int().describe('Windows that wait to be decoded anew.'),
  })
  .meta({ id: 'StationStatus' })

const mostGaps = 100
/** How far ahead of the cursor settled video is looked for; a station further behind than this says so by its lag. */
const longestLookMs = 6 * 3_600_000

export const stationStatusRoutes: Routes = (app, context) => {
  app.get(
    '/stations/:id/status',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['stations'],
        summary: 'How far a station is',
        params: idParams,
        response: { 200: statusDocument, ...problems },
      },
    },
    ({ params: { id } }) => stationStatus(context, id),
  )
}

const stationStatus = async ({ db, now }: RouteContext, id: string): Promise<z.output<typeof statusDocument>> => {
  const at = now()
  const station = found(
    await db.prisma.station.findUnique({
      where: { id },
      include: {
        cursor: { include: { run: { select: { releaseId: true } } } },
        releases: {
          where: { effectiveAt: { lte: at } },
          orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
          take: 1,
          include: { encoder: { select: { method: true } } },
        },
        _count: { select: { requests: { where: { doneAt: null } } } },
      },
    }),
    'station',
    id,
  )
  const { cursor } = station
  const release = station.releases[0]
  const decodedThroughMs = cursor && slotStartMs(Number(cursor.decodedThrough))
  const completeThroughMs = cursor && slotStartMs(Number(cursor.completeThrough))
  const fromMs = decodedThroughMs ?? release?.effectiveAt.getTime() ?? at.getTime()
  const encoder = release?.encoderId
  const chains = encoder ? await stationChain(db, { station: id, encoder, fromMs, toMs: fromMs + longestLookMs }) : []
  const views = chains.map(chain => {
    const { frontierMs, stuckOn } = frontier(chain.links, fromMs)
    return { viewId: chain.view, required: chain.required, frontierMs: frontierMs + chain.offsetMs, stuckOn }
  })
  const required = views.filter(view => view.required)
  return {
    stationId: id,
    completeThrough: instantOf(completeThroughMs),
    decodedThrough: instantOf(decodedThroughMs),
    watermark: required.length > 0 ? instantOf(watermark(required)) : null,
    lagMs: completeThroughMs === null ? null : at.getTime() - completeThroughMs,
    releaseInForce: release ? presentRelease(release) : null,
    decodedUnder: cursor?.run.releaseId ?? null,
    views: views.map(({ viewId, required, frontierMs, stuckOn }) => ({
      viewId,
      required,
      settledUntil: instantOf(frontierMs)!,
      waitsFor: stuckOn,
    })),
    openGaps: encoder ? await openGaps(db, { station: id, encoder, limit: mostGaps }) : [],
    openRevisions: station._count.requests,
  }
}

const instantOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
