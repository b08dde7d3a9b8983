import { z } from 'zod'
import { id, instant, time } from '../../http/fields.ts'

/** What decodes a station from an instant on. */
export const releaseDocument = z
  .object({
    id: z.string(),
    stationId: z.string(),
    encoderId: z.string(),
    encoderMethod: z.string().describe('`untrained`: seeded random weights.'),
    headId: z.string(),
    effectiveAt: time().describe('It takes over at the first cycle start at or after this.'),
    author: z.string().nullable(),
    createdAt: time(),
  })
  .meta({ id: 'Release' })

export const newRelease = z.strictObject({
  stationId: id(),
  headId: id(),
  effectiveAt: instant().optional().describe('Now where it is left out.'),
})

interface ReleaseRow {
  readonly id: string
  readonly stationId: string
  readonly encoderId: string
  readonly headId: string
  readonly effectiveAt: Date
  readonly author: string | null
  readonly createdAt: Date
  readonly encoder: { readonly method: string }
}

export const presentRelease = (row: ReleaseRow): z.output<typeof releaseDocument> => ({
  id: row.id,
  stationId: row.stationId,
  encoderId: row.encoderId,
  encoderMethod: row.encoder.method,
  headId: row.headId,
  effectiveAt: row.effectiveAt.toISOString(),
  author: row.author,
  createdAt: row.createdAt.toISOString(),
})
