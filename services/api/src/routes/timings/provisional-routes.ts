import { censorings, type DecodedInterval } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, time } from '../../http/fields.ts'

const provisionalDocument = z
  .object({
    stationId: z.string(),
    runId: z.string().nullable(),
    updatedAt: time().nullable(),
    items: z.array(
      z.object({
        step: z.string(),
        startTime: time(),
        endTime: time(),
        durationMs: z.number().nullable(),
        durationSdMs: z.number(),
        startSdMs: z.number(),
        endSdMs: z.number(),
        absoluteErrorMs: z.number(),
        confidence: z.number(),
        censored: z.enum(censorings),
      }),
    ),
  })
  .meta({ id: 'Provisional' })

export const provisionalRoutes: Routes = (app, { db }) => {
  app.get(
    '/stations/:id/provisional',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['timings'],
        summary: 'The newest guess beyond the final timings',
        description: 'Overwritten as video comes; without ids and revisions. For screens, not for records.',
        params: idParams,
        response: { 200: provisionalDocument, ...problems },
      },
    },
    async ({ params: { id } }) => {
      const station = found(
        await db.prisma.station.findUnique({ where: { id }, include: { provisional: true } }),
        'station',
        id,
      )
      const intervals = (station.provisional?.intervals ?? []) as unknown as DecodedInterval[]
      return {
        stationId: id,
        runId: station.provisional?.runId ?? null,
        updatedAt: station.provisional?.updatedAt.toISOString() ?? null,
        items: intervals.map(interval => ({
          step: interval.step,
          startTime: new Date(interval.startUtcMs).toISOString(),
          endTime: new Date(interval.endUtcMs).toISOString(),
          durationMs: interval.durationMs,
          durationSdMs: interval.durationSdMs,
          startSdMs: interval.startSdMs,
          endSdMs: interval.endSdMs,
          absoluteErrorMs: interval.absoluteErrorMs,
          confidence: interval.confidence,
          censored: interval.censored,
        })),
      }
    },
  )
}
