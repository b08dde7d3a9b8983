import { listEvents, recordEvent } from '@takt/db'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { problems } from '../../http/answers.ts'
import { referenced } from '../../http/database-refusals.ts'
import { cursor, id, limit } from '../../http/fields.ts'
import { cutPage, pageOf, readCursor } from '../../http/page.ts'
import { checkClock } from './check-clock.ts'
import { eventDocument, newEvent, presentEvent, sourceDocument, toldValue } from './event-document.ts'

const tags = ['events']
const isId = (text: string): boolean => z.guid().safeParse(text).success

export const eventRoutes: Routes = (app, { db, now, limits }) => {
  app.post(
    '/events',
    {
      config: { scope: 'events' },
      schema: {
        tags,
        summary: 'Tell what the MES knows of a station',
        description:
          'A job order started or ended, a unit scanned, a variant set. `(source, eventId)` is its identity: the same event again has the same answer and changes nothing; another one under the same name is refused (409). Events may come late and in any order: cycles that they change are published as revisions.',
        body: newEvent,
        response: { 201: eventDocument, ...problems },
      },
    },
    async ({ body }, reply) => {
      const receivedAt = now()
      const { source, eventId, type } = body
      const skewMs = checkClock(body, receivedAt, limits.events)
      const station = referenced(
        await db.prisma.station.findFirst({
          where: isId(body.station) ? { id: body.station.toLowerCase() } : { name: body.station },
          select: { id: true },
        }),
        { what: 'station', id: body.station, at: 'station' },
      )
      const recorded = await recordEvent(db, {
        source,
        eventId,
        type,
        value: toldValue(body),
        atMs: body.time.getTime(),
        station: station.id,
        receivedAtMs: receivedAt.getTime(),
        skewMs,
      })
      if (recorded.outcome === 'conflict')
        throw apiError('event-differs', { source, eventId, differs: recorded.differs.map(field => wireNames[field]!) })
      return reply.code(201).send(presentEvent(recorded.event))
    },
  )

  app.get(
    '/events',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List events, the last to arrive first',
        querystring: z.strictObject({
          station: id().optional(),
          cursor: cursor(),
          limit: limit({ usual: 200, most: 2000 }),
        }),
        response: { 200: pageOf(eventDocument), ...problems },
      },
    },
    async ({ query }) => {
      const before = readCursor(z.tuple([z.guid()]), query.cursor)?.[0] ?? null
      const events = await listEvents(db.pool, { station: query.station ?? null, before, limit: query.limit + 1 })
      return cutPage(events.map(presentEvent), query.limit, last => [last.id])
    },
  )

  app.get(
    '/events/sources',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List the sources of events and how far their clocks are off',
        response: { 200: z.object({ items: z.array(sourceDocument) }), ...problems },
      },
    },
    async () => {
      const rows = await db.prisma.mesSource.findMany({ orderBy: { source: 'asc' }, take: 1000 })
      return {
        items: rows.map(({ lastEventAt, lastReceivedAt, events, ...row }) => ({
          ...row,
          events: Number(events),
          lastEventTime: lastEventAt?.toISOString() ?? null,
          lastReceivedTime: lastReceivedAt?.toISOString() ?? null,
        })),
      }
    },
  )
}

/** What the fields of an event are called here. */
const wireNames: Readonly<Record<string, string>> = {
  type: 'type',
  value: 'jobOrderId, serial or variant',
  atMs: 'time',
  station: 'station',
}
