import { z } from 'zod'
import { id, time } from '../../http/fields.ts'

/** What turns embeddings into step scores. */
export const headDocument = z
  .object({
    id: z.string(),
    stationId: z.string(),
    encoderId: z.string(),
    processVersionId: z.string(),
    state: z.enum(['fitting', 'ready', 'failed']),
    error: z.string().nullable(),
    scores: z.record(z.string(), z.unknown()).describe('As fitting measured them on held-out labels.'),
    createdAt: time(),
    fittedAt: time().nullable(),
  })
  .meta({ id: 'Head' })

export const newHead = z.strictObject({
  stationId: id(),
  encoderId: id()
    .optional()
    .describe("The one that times the station where it is left out; the plant's default while none does."),
  processVersionId: id().optional().describe("The version of the station's process in force where it is left out."),
})

interface HeadRow {
  readonly id: string
  readonly stationId: string
  readonly encoderId: string
  readonly processVersionId: string
  readonly state: string
  readonly error: string | null
  readonly scores: unknown
  readonly createdAt: Date
  readonly fittedAt: Date | null
}

export const presentHead = (row: HeadRow): z.output<typeof headDocument> => ({
  id: row.id,
  stationId: row.stationId,
  encoderId: row.encoderId,
  processVersionId: row.processVersionId,
  state: row.state as z.output<typeof headDocument>['state'],
  error: row.error,
  scores: row.scores as Record<string, unknown>,
  createdAt: row.createdAt.toISOString(),
  fittedAt: row.fittedAt?.toISOString() ?? null,
})
