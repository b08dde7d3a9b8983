import { z } from 'zod'
import { time } from '../../http/fields.ts'

export const encoderDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    method: z
      .string()
      .describe("`untrained`, `imported`, or the self-supervised method that trained it on this plant's video."),
    trained: z.boolean(),
    about: z.string(),
    parentId: z.string().nullable(),
    spec: z.record(z.string(), z.unknown()),
    scores: z.record(z.string(), z.unknown()),
    learntFrom: z
      .record(z.string(), z.unknown())
      .describe('Stations, span of time, segments and steps of its training, or the file of an import; empty without.'),
    serving: z.boolean().describe("The plant's default: stations without a release are embedded under it."),
    createdAt: time(),
  })
  .meta({ id: 'Encoder' })

interface EncoderRow {
  readonly id: string
  readonly name: string
  readonly method: string
  readonly parentId: string | null
  readonly spec: unknown
  readonly scores: unknown
  readonly learntFrom: unknown
  readonly serving: boolean
  readonly createdAt: Date
}

/** The method of an encoder whose weights were brought in. */
export const IMPORTED = 'imported'

export const isTrained = ({ method }: { readonly method: string }): boolean => method !== 'untrained'

export const aboutEncoder = ({ method }: { readonly method: string }): string => {
  if (method === 'untrained')
    return 'Untrained: its weights are seeded random numbers and it has learnt nothing from video. What timings know, their heads have learnt from labels.'
  if (method === IMPORTED) return 'Imported: its weights were trained elsewhere and were brought in as a file.'
  return `Trained by ${method} on this plant's video, without labels.`
}

export const presentEncoder = (row: EncoderRow): z.output<typeof encoderDocument> => ({
  id: row.id,
  name: row.name,
  method: row.method,
  trained: isTrained(row),
  about: aboutEncoder(row),
  parentId: row.parentId,
  spec: row.spec as Record<string, unknown>,
  scores: row.scores as Record<string, unknown>,
  learntFrom: row.learntFrom as Record<string, unknown>,
  serving: row.serving,
  createdAt: row.createdAt.toISOString(),
})
