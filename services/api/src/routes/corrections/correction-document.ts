import { z } from 'zod'
import { instant, line, time } from '../../http/fields.ts'

const why = {
  reason: line(500).describe('Why; it is kept and shown in the feed.'),
  author: line(120).optional().describe("Who; the API key's name where it is left out."),
}

export const newCorrection = z
  .strictObject({
    ...why,
    startTime: instant().optional(),
    endTime: instant().optional(),
    step: line(120).optional().describe("A step's name or id, of the same version of the process."),
    remove: z.literal(true).optional().describe('It did not happen.'),
  })
  .refine(
    ({ startTime, endTime, step, remove = false }) =>
      remove === (startTime === undefined && endTime === undefined && step === undefined),
    'needs a time or a step, or to be removed, and not both',
  )
  .meta({ id: 'NewCorrection' })

export const withdrawal = z.strictObject(why)

export const correctionDocument = z
  .object({
    id: z.string(),
    timingId: z.string(),
    stationId: z.string(),
    kind: z.enum(['adjusted', 'removed']),
    startTime: time(),
    endTime: time(),
    stepId: z.string().nullable(),
    revision: z.number().int().describe('The revision of the timing that it made.'),
    author: z.string(),
    reason: z.string(),
    createdAt: time(),
    withdrawnAt: time().nullable(),
    withdrawnBy: z.string().nullable(),
    withdrawnReason: z.string().nullable(),
  })
  .meta({ id: 'Correction' })

interface CorrectionRow {
  readonly id: string
  readonly intervalId: string
  readonly stationId: string
  readonly kind: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly stepId: string | null
  readonly revision: number
  readonly author: string
  readonly reason: string
  readonly createdAt: Date
  readonly withdrawnAt: Date | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

export const presentCorrection = (row: CorrectionRow): z.output<typeof correctionDocument> => ({
  id: row.id,
  timingId: row.intervalId,
  stationId: row.stationId,
  kind: row.kind as 'adjusted' | 'removed',
  startTime: row.startsAt.toISOString(),
  endTime: row.endsAt.toISOString(),
  stepId: row.stepId,
  revision: row.revision,
  author: row.author,
  reason: row.reason,
  createdAt: row.createdAt.toISOString(),
  withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  withdrawnBy: row.withdrawnBy,
  withdrawnReason: row.withdrawnReason,
})
