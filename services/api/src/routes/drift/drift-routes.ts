import { type DriftRow, listDrift } from '@takt/db/listing'
import { type DriftKind, driftThreshold, standingOf, sustainedMs } from '@takt/drift'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, instant } from '../../http/fields.ts'
import { checkWindow } from '../../http/window.ts'
import { driftDocument, presentView } from './drift-document.ts'
import { registerDriftMetrics } from './drift-metrics.ts'

/** A day and the hour that a change of clocks adds: some 1500 windows a view. */
const longestWindowMs = 25 * 3_600_000
const usualWindowMs = 3_600_000

export const driftRoutes: Routes = (app, { db, now, metrics }) => {
  registerDriftMetrics(metrics, db, now)

  app.get(
    '/stations/:id/drift',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['stations'],
        summary: "How far a station's views have drifted",
        description:
          'Each window of a view is compared with what the encoder and the head in force were made on; the score says ' +
          'how many times as much it differs as windows of that differ among themselves. The last hour where no window ' +
          'is given; at most 25 hours.',
        params: idParams,
        querystring: z.strictObject({ from: instant().optional(), to: instant().optional() }),
        response: { 200: driftDocument, ...problems },
      },
    },
    async ({ params: { id }, query }) => {
      const to = query.to ?? now()
      const from = query.from ?? new Date(to.getTime() - usualWindowMs)
      checkWindow({ from, to }, longestWindowMs)
      const station = found(
        await db.prisma.station.findUnique({
          where: { id },
          select: { views: { select: { id: true, name: true }, orderBy: [{ position: 'asc' }, { name: 'asc' }] } },
        }),
        'station',
        id,
      )
      const rows = await listDrift(db, { station: id, from: new Date(to.getTime() - lookBackMs(from, to)), to })
      return {
        stationId: id,
        from: from.toISOString(),
        to: to.toISOString(),
        threshold: driftThreshold,
        views: station.views.map(view => {
          const own = rows.filter(row => row.viewId === view.id)
          return presentView(
            view,
            standing(own),
            own.filter(row => row.startsAt >= from),
          )
        }),
      }
    },
  )
}

/** A standing looks back as far as drift has to last, and a little further to see that it has. */
const lookBackMs = (from: Date, to: Date): number => Math.max(to.getTime() - from.getTime(), 2 * sustainedMs)

/** Of the newest release: under another one everything begins anew. */
function standing(rows: readonly DriftRow[]) {
  const release = rows.at(-1)?.releaseId
  return standingOf(
    rows
      .filter(row => row.releaseId === release)
      .map(({ startsAt, endsAt, kind }) => ({
        startMs: startsAt.getTime(),
        endMs: endsAt.getTime(),
        kind: kind as DriftKind | null,
      })),
  )
}
