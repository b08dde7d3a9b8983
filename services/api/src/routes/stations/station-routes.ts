import type { Database } from '@takt/db'
import { viewsByStation } from '@takt/db/listing'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found, referenced, refuseTakenName } from '../../http/database-refusals.ts'
import { idParams, name } from '../../http/fields.ts'
import { reviseView } from './revise-view.ts'
import {
  newStation,
  presentStation,
  type StationRow,
  stationChange,
  stationDocument,
  viewRevision,
} from './station-document.ts'

const tags = ['stations']

export const stationRoutes: Routes = (app, { db, now }) => {
  /** Stations with their views as they stand, one that begins in the future not yet. */
  const present = async (rows: readonly StationRow[]) => {
    const from = now()
    const stations = rows.map(({ id }) => id)
    const views = await viewsByStation(db, { stations, from, to: new Date(from.getTime() + 1) })
    return rows.map(row => presentStation(row, views.get(row.id)!))
  }
  const show = async (id: string) => {
    const row = found(await db.prisma.station.findUnique({ where: { id } }), 'station', id)
    return (await present([row]))[0]!
  }

  app.get(
    '/stations',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List stations',
        response: { 200: z.object({ items: z.array(stationDocument) }), ...problems },
      },
    },
    async () => ({ items: await present(await db.prisma.station.findMany({ orderBy: { name: 'asc' } })) }),
  )

  app.post(
    '/stations',
    {
      config: { scope: 'admin' },
      schema: { tags, summary: 'Add a station', body: newStation, response: { 201: stationDocument, ...problems } },
    },
    async ({ body }, reply) => {
      await checkProcess(db, body.processId)
      const row = await refuseTakenName('station', body.name, () => db.prisma.station.create({ data: body }))
      return reply.code(201).header('location', `/v1/stations/${row.id}`).send(presentStation(row, []))
    },
  )

  app.get(
    '/stations/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a station with its views',
        params: idParams,
        response: { 200: stationDocument, ...problems },
      },
    },
    async ({ params: { id } }) => show(id),
  )

  app.patch(
    '/stations/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Change a station, or assign its process',
        params: idParams,
        body: stationChange,
        response: { 200: stationDocument, ...problems },
      },
    },
    async ({ params: { id }, body }) => {
      const before = found(await db.prisma.station.findUnique({ where: { id } }), 'station', id)
      await checkProcess(db, body.processId)
      const data = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await refuseTakenName('station', body.name ?? before.name, () =>
        db.prisma.station.update({ where: { id }, data }),
      )
      return show(id)
    },
  )

  app.put(
    '/stations/:id/views/:view',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Revise a view',
        description:
          'A view is revised as a whole: the body says all of it. A station may have several views, by several cameras or by one. Saying what is in force already changes nothing.',
        params: z.object({ id: idParams.shape.id, view: name() }),
        body: viewRevision,
        response: { 200: stationDocument, 201: stationDocument, ...problems },
      },
    },
    async ({ params: { id, view }, body }, reply) => {
      found(await db.prisma.station.findUnique({ where: { id }, select: { id: true } }), 'station', id)
      const { created } = await reviseView(db, { station: id, view, draft: body, now: now() })
      return reply.code(created ? 201 : 200).send(await show(id))
    },
  )
}

const checkProcess = async (db: Database, id: string | null | undefined): Promise<void> => {
  if (!id) return
  const process = await db.prisma.process.findUnique({ where: { id }, select: { id: true } })
  referenced(process, { what: 'process', id, at: 'processId' })
}
