import { listCoverage } from '@takt/db/listing'
import { lateAfterMs, lossReasons, overlapMs, summariseCoverage } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, instant, time } from '../../http/fields.ts'
import { checkWindow } from '../../http/window.ts'

/** A day and the hour that a change of clocks adds: 4 s segments make some 22 500 links. */
const longestWindowMs = 25 * 3_600_000

export const coverageSummary = z
  .object({
    observedMs: z.number(),
    lateMs: z.number().describe('Due, and not there yet.'),
    lostMs: z.partialRecord(z.enum(lossReasons), z.number()).describe('By reason; reasons without time are left out.'),
    unaccountedMs: z.number().describe('Must be 0: what was not kept is lost with a reason.'),
    outsideMs: z.number().describe("Before the camera's first video, or too recent to be due."),
  })
  .meta({ id: 'CoverageSummary' })

const coverageDocument = z
  .object({
    cameraId: z.string(),
    from: time(),
    to: time(),
    summary: coverageSummary,
    links: z.array(
      z.object({
        startTime: time(),
        endTime: time(),
        state: z.enum(['observed', 'lost']),
        reason: z.enum(lossReasons).nullable(),
        segmentId: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Coverage' })

export const presentSummary = (summary: ReturnType<typeof summariseCoverage>): z.output<typeof coverageSummary> => ({
  ...summary,
  lostMs: Object.fromEntries(Object.entries(summary.lostMs).filter(([, ms]) => ms > 0)),
})

export const coverageRoutes: Routes = (app, { db, now }) => {
  app.get(
    '/cameras/:id/coverage',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['cameras'],
        summary: "A camera's coverage of a window",
        description: 'For every camera-second: observed, late, or lost and why. The window is at most 25 hours.',
        params: idParams,
        querystring: z.strictObject({ from: instant(), to: instant() }),
        response: { 200: coverageDocument, ...problems },
      },
    },
    async ({ params: { id }, query: { from, to } }) => {
      checkWindow({ from, to }, longestWindowMs)
      found(await db.prisma.camera.findUnique({ where: { id }, select: { id: true } }), 'camera', id)
      const entries = await listCoverage(db, { camera: id, from, to })
      const window = { startUtcMs: from.getTime(), endUtcMs: to.getTime() }
      const summary = summariseCoverage({ entries, window, nowMs: now().getTime(), lateAfterMs })
      const links = entries
        .filter(entry => overlapMs(entry, window) > 0)
        .map(entry => ({
          startTime: new Date(entry.startUtcMs).toISOString(),
          endTime: new Date(entry.endUtcMs).toISOString(),
          state: entry.state,
          reason: entry.reason,
          segmentId: entry.segment,
        }))
      return { cameraId: id, from: from.toISOString(), to: to.toISOString(), summary: presentSummary(summary), links }
    },
  )
}
