import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { id, idParams } from '../../http/fields.ts'
import { encoderFor } from '../encoders/encoder-rules.ts'
import { headDocument, newHead, presentHead } from './head-document.ts'
import { processVersionFor } from './head-rules.ts'

const tags = ['heads']

export const headRoutes: Routes = (app, { db, jobs, now, events }) => {
  app.get(
    '/heads',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List heads, newest first',
        querystring: z.strictObject({ station: id().optional() }),
        response: { 200: z.object({ items: z.array(headDocument) }), ...problems },
      },
    },
    async ({ query }) => {
      const rows = await db.prisma.head.findMany({
        where: query.station ? { stationId: query.station } : {},
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: 1000,
      })
      return { items: rows.map(presentHead) }
    },
  )

  app.get(
    '/heads/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Get a head', params: idParams, response: { 200: headDocument, ...problems } },
    },
    async ({ params: { id } }) => presentHead(found(await db.prisma.head.findUnique({ where: { id } }), 'head', id)),
  )

  app.post(
    '/heads',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: "Fit a head to a station's labels",
        description:
          'Answers at once; the head is `fitting` until a worker has made it `ready` or `failed`. On an encoder that is new to the station its labelled and its recent video are embedded first.',
        body: newHead,
        response: { 202: headDocument, ...problems },
      },
    },
    async ({ body }, reply) => {
      const at = now()
      const { stationId: station } = body
      const processVersionId = await processVersionFor(db, { station, version: body.processVersionId, at })
      const named = body.encoderId === undefined ? undefined : { id: body.encoderId, at: 'encoderId' }
      const encoderId = await encoderFor(db, { named, stations: [station], at })
      const head = await db.prisma.head.create({ data: { stationId: body.stationId, encoderId, processVersionId } })
      // The row is the truth: a queue that is away delays the fit and loses nothing.
      await jobs
        .add('train', { kind: 'fit', headId: head.id })
        .catch((error: unknown) => events.jobNotAdded({ kind: 'train', id: head.id, error }))
      return reply.code(202).header('location', `/v1/heads/${head.id}`).send(presentHead(head))
    },
  )
}
