import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, time } from '../../http/fields.ts'

const tags = ['encoders']

const encoderDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    method: z.string().describe('`untrained`, or the self-supervised method that trained it.'),
    trained: z.boolean(),
    about: z.string(),
    parentId: z.string().nullable(),
    spec: z.record(z.string(), z.unknown()),
    scores: z.record(z.string(), z.unknown()),
    learntFrom: z
      .record(z.string(), z.unknown())
      .describe('Stations, span of time, segments and steps of its training; empty without.'),
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

export const isTrained = ({ method }: { readonly method: string }): boolean => method !== 'untrained'

export const aboutEncoder = (encoder: { readonly method: string }): string =>
  isTrained(encoder)
    ? `Trained by ${encoder.method} on this plant's video, without labels.`
    : 'Untrained: its weights are seeded random numbers and it has learnt nothing from video. What timings know, their heads have learnt from labels.'

const presentEncoder = (row: EncoderRow): z.output<typeof encoderDocument> => ({
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

export const encoderRoutes: Routes = (app, { db }) => {
  app.get(
    '/encoders',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List encoders, newest first',
        response: { 200: z.object({ items: z.array(encoderDocument) }), ...problems },
      },
    },
    async () => ({ items: (await db.prisma.encoder.findMany({ orderBy: { createdAt: 'desc' } })).map(presentEncoder) }),
  )

  app.get(
    '/encoders/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Get an encoder', params: idParams, response: { 200: encoderDocument, ...problems } },
    },
    async ({ params: { id } }) =>
      presentEncoder(found(await db.prisma.encoder.findUnique({ where: { id } }), 'encoder', id)),
  )
}
