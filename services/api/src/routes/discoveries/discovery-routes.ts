import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { problems } from '../../http/answers.ts'
import { found, referenced } from '../../http/database-refusals.ts'
import { id, idParams } from '../../http/fields.ts'
import { checkWindow } from '../../http/window.ts'
import { encoderFor } from '../encoders/encoder-rules.ts'
import { discoveryDocument, namingDocument, newDiscovery, presentDiscovery, stepNames } from './discovery-document.ts'
import { nameSteps } from './name-steps.ts'
import { nameableWork } from './nameable-work.ts'

const tags = ['discoveries']

const usualMs = 30 * 60_000
/** What a worker holds at once. */
const longestMs = 60 * 60_000

export const discoveryRoutes: Routes = (app, { db, jobs, now, events }) => {
  const read = async (of: string) => found(await db.prisma.discovery.findUnique({ where: { id: of } }), 'discovery', of)

  app.get(
    '/discoveries',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List discoveries, newest first',
        querystring: z.strictObject({ station: id().optional() }),
        response: { 200: z.object({ items: z.array(discoveryDocument) }), ...problems },
      },
    },
    async ({ query: { station } }) => {
      const where = station ? { stationId: station } : {}
      const rows = await db.prisma.discovery.findMany({
        where,
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: 50,
      })
      return { items: rows.map(presentDiscovery) }
    },
  )

  app.get(
    '/discoveries/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a discovery: cycles, steps and clips of each step',
        params: idParams,
        response: { 200: discoveryDocument, ...problems },
      },
    },
    async ({ params }) => presentDiscovery(await read(params.id)),
  )

  app.post(
    '/discoveries',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: "Look for cycles and steps in a station's video, without labels",
        description:
          'Answers at once; a worker looks at the embedded video of the window, an hour at most, and says what repeats in it, or that nothing does. Naming the steps makes labels of them.',
        body: newDiscovery,
        response: { 202: discoveryDocument, ...problems },
      },
    },
    async ({ body: { stationId, encoderId, ...window } }, reply) => {
      const to = window.to ?? now()
      const from = window.from ?? new Date(to.getTime() - usualMs)
      checkWindow({ from, to }, longestMs)
      const station = await db.prisma.station.findUnique({ where: { id: stationId }, select: { id: true } })
      referenced(station, { what: 'station', id: stationId, at: 'stationId' })
      const named = encoderId === undefined ? undefined : { id: encoderId, at: 'encoderId' }
      const encoder = await encoderFor(db, { named, stations: [stationId], at: now() })
      const row = await db.prisma.discovery.create({
        data: { stationId, encoderId: encoder, startsAt: from, endsAt: to },
      })
      // The row is the truth: a queue that is away delays the discovery and loses nothing.
      await jobs
        .add('discover', { discoveryId: row.id })
        .catch((error: unknown) => events.jobNotAdded({ kind: 'discover', id: row.id, error }))
      return reply.code(202).header('location', `/v1/discoveries/${row.id}`).send(presentDiscovery(row))
    },
  )

  app.post(
    '/discoveries/:id/names',
    {
      config: { scope: 'label' },
      schema: {
        tags,
        summary: 'Name discovered steps',
        description:
          'Whole, sure cycles become labelled ranges of the station under these names. A station without a process gets one of them; otherwise its process has to know the names. `POST /v1/heads` then fits a head. The same names again change nothing.',
        params: idParams,
        body: stepNames,
        response: { 200: namingDocument, ...problems },
      },
    },
    async ({ params, body, caller }) => {
      const row = await read(params.id)
      const names = new Map(body.names.map(({ step, name }) => [step, name]))
      if (names.size < body.names.length)
        throw apiError('invalid-request', { problems: [{ at: 'names', message: 'a step is named twice' }] })
      const work = nameableWork(row, names)
      const { stationId: station, startsAt } = row
      return nameSteps(db, { station, startsAt, work, names, author: body.author ?? caller.name })
    },
  )
}
