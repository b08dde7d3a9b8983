import { getTiming, listRevisions, listTimings } from '@takt/db/listing'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { jsonOrCsvPage, problems } from '../../http/answers.ts'
import { sendPage } from '../../http/csv.ts'
import { cursor, id, idParams, instant, limit, name } from '../../http/fields.ts'
import { cutPage, pageOf, readStartCursor, startKey } from '../../http/page.ts'
import { checkWindow } from '../../http/window.ts'
import { published } from './published.ts'
import { revisionDocument, timingColumns, timingDocument } from './timing-document.ts'

const tags = ['timings']

export const timingRoutes: Routes = (app, { db }) => {
  app.get(
    '/timings',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List step timings',
        description:
          'Final timings that overlap the window, in the order of start and id, as JSON or CSV by `Accept`. To keep up with them read `/v1/changes`; this is for looking things up.',
        querystring: z.strictObject({
          station: id().optional(),
          step: name().optional().describe("A step's name."),
          from: instant().optional(),
          to: instant().optional(),
          cursor: cursor(),
          limit: limit({ usual: 500, most: 10_000 }),
        }),
        response: { 200: jsonOrCsvPage(pageOf(timingDocument), Object.keys(timingColumns)), ...problems },
      },
    },
    async (request, reply) => {
      const { query } = request
      checkStationOrWindow(query)
      const after = readStartCursor(query.cursor)
      const rows = await listTimings(db, { ...query, after, limit: query.limit + 1 })
      return sendPage(request, reply, { page: cutPage(rows, query.limit, startKey), columns: timingColumns })
    },
  )

  app.get(
    '/timings/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a timing as it stands',
        description: '410 where a tombstone has removed it.',
        params: idParams,
        response: { 200: timingDocument, ...problems },
      },
    },
    async ({ params: { id } }, reply) => {
      const timing = await published(db, { row: await getTiming(db, id), entity: 'interval', id })
      return reply.header('etag', `"${timing.revision}"`).send(timing)
    },
  )

  app.get(
    '/timings/:id/revisions',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List what a timing has been, first to last',
        params: idParams,
        response: { 200: z.object({ items: z.array(revisionDocument) }), ...problems },
      },
    },
    async ({ params: { id } }) => {
      const items = await listRevisions(db, 'interval', id)
      if (items.length === 0) throw apiError('not-found', { what: 'timing', id })
      return { items }
    },
  )
}

/** A day and the hour that a change of clocks adds. */
const longestPlantWindowMs = 25 * 3_600_000

/** Over all stations there is no order to read in, so a window has to bound the work. */
export const checkStationOrWindow = (query: {
  readonly station?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}): void => {
  checkWindow(query, query.station ? undefined : longestPlantWindowMs)
  if (!query.station && !(query.from && query.to))
    throw apiError('window-refused', { why: 'without a station it needs from and to, at most 25 hours apart' })
}
