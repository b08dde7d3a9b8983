import { censorings, evidences } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, time } from '../../http/fields.ts'

/** As the recorder writes it. */
const provisionalTiming = z.object({
  stepId: z.string(),
  step: z.string(),
  startTime: time(),
  endTime: time(),
  durationMs: z.number().nullable(),
  startSdMs: z.number(),
  endSdMs: z.number(),
  confidence: z.number(),
  censored: z.enum(censorings),
  evidence: z.enum(evidences),
})

const provisionalDocument = z
  .object({
    stationId: z.string(),
    runId: z.string().nullable(),
    updatedAt: time().nullable(),
    items: z.array(provisionalTiming),
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
      return {
        stationId: id,
        runId: station.provisional?.runId ?? null,
        updatedAt: station.provisional?.updatedAt.toISOString() ?? null,
        // What an earlier version wrote says nothing of its evidence.
        items: ((station.provisional?.intervals ?? []) as z.output<typeof provisionalTiming>[]).map(timing => ({
          ...timing,
          evidence: timing.evidence ?? 'clear',
        })),
      }
    },
  )
}
