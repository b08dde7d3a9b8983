import { requestStop } from '@takt/db'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams } from '../../http/fields.ts'
import { encoderFor, requireTrainable } from '../encoders/encoder-rules.ts'
import { adaptationDocument, newAdaptation, presentAdaptation } from './adaptation-document.ts'
import { stationsNamed } from './adaptation-rules.ts'

const tags = ['adaptations']

/** Of masks, order and first weights. One for all: what differs between two adaptations is then their video and their budget. */
const seed = 1

export const adaptationRoutes: Routes = (app, { db, jobs, now, events }) => {
  const read = async (id: string) =>
    presentAdaptation(found(await db.prisma.adaptation.findUnique({ where: { id } }), 'adaptation', id))

  app.get(
    '/adaptations',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List adaptations, newest first',
        response: { 200: z.object({ items: z.array(adaptationDocument) }), ...problems },
      },
    },
    async () => {
      const rows = await db.prisma.adaptation.findMany({ orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: 200 })
      return { items: rows.map(presentAdaptation) }
    },
  )

  app.get(
    '/adaptations/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get an adaptation: how far it is and what came of it',
        params: idParams,
        response: { 200: adaptationDocument, ...problems },
      },
    },
    ({ params: { id } }) => read(id),
  )

  app.post(
    '/adaptations',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: "Train an encoder on stations' own video",
        description:
          'Labels are not used. Answers at once; a worker trains when it is free, giving way to live video, and registers ' +
          'what came of it as a new encoder. To time a station by that, fit a head on it and release the head.',
        body: newAdaptation,
        response: { 202: adaptationDocument, ...problems },
      },
    },
    async ({ body: { method, minutes, stations, encoder } }, reply) => {
      const stationIds = await stationsNamed(db, stations)
      const named = encoder === undefined ? undefined : { id: encoder, at: 'encoder' }
      const parentId = await encoderFor(db, { named, stations: stationIds, at: now() })
      await requireTrainable(db, parentId)
      const budgetMs = Math.round(minutes * 60_000)
      const row = await db.prisma.adaptation.create({ data: { method, parentId, stationIds, budgetMs, seed } })
      // The row is the truth: a queue that is away delays the training and loses nothing.
      await jobs
        .add('adapt', { adaptationId: row.id })
        .catch((error: unknown) => events.jobNotAdded({ kind: 'adapt', id: row.id, error }))
      return reply.code(202).header('location', `/v1/adaptations/${row.id}`).send(presentAdaptation(row))
    },
  )

  app.post(
    '/adaptations/:id/stop',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Stop an adaptation',
        description:
          'One that is trained at the moment stops within seconds and keeps a checkpoint; no encoder comes of it.',
        params: idParams,
        response: { 202: adaptationDocument, ...problems },
      },
    },
    async ({ params: { id } }, reply) => {
      await requestStop(db, id)
      return reply.code(202).send(await read(id))
    },
  )
}
