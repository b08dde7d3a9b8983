import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { jsonOrCsvPage, noContent, problems } from '../../http/answers.ts'
import { csvType } from '../../http/csv.ts'
import { found } from '../../http/database-refusals.ts'
import { cursor, idParams, instant, limit, line } from '../../http/fields.ts'
import { negotiate } from '../../http/negotiate.ts'
import { nextLink, pageOf } from '../../http/page.ts'
import { checkWindow } from '../../http/window.ts'
import { checkLabels } from './check-labels.ts'
import { labelColumns, readLabelCsv, writeLabelCsv } from './label-csv.ts'
import { newRange, rangeDocument, rowsOf } from './label-document.ts'
import { fileSource, findSource, namesFile, stepNamesOf } from './label-source.ts'
import { listRanges, showRange } from './read-ranges.ts'
import { storeLabels } from './store-labels.ts'

const tags = ['labels']

const importDocument = z
  .object({
    added: z.number().int().describe('Ranges that are new.'),
    unchanged: z.number().int().describe('Ranges that were there already, with the same labels.'),
    labels: z.number().int(),
    rangeIds: z.array(z.string()),
  })
  .meta({ id: 'LabelImport' })

export const labelRoutes: Routes = (app, context) => {
  const { db } = context

  app.get(
    '/labels',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List labelled ranges, or export them',
        description: 'As CSV, a row without a label declares a range. What is exported can be imported as it is.',
        querystring: z.strictObject({
          source: line(200).optional().describe('A station or camera, by id or name; or the name of a file.'),
          from: instant().optional(),
          to: instant().optional(),
          cursor: cursor(),
          limit: limit({ usual: 200, most: 2000 }),
        }),
        response: { 200: jsonOrCsvPage(pageOf(rangeDocument), labelColumns), ...problems },
      },
    },
    async (request, reply) => {
      const { query } = request
      checkWindow(query)
      const type = negotiate(request.headers.accept, ['application/json', csvType])
      const page = await listRanges(context, query)
      reply.header('vary', 'Accept')
      const link = nextLink(request.url, page.next)
      if (link) reply.header('link', link)
      if (type === csvType)
        return reply
          .type('text/csv; charset=utf-8')
          .serializer(String)
          .send(writeLabelCsv(page.items.flatMap(rowsOf)))
      return reply.send(page)
    },
  )

  app.get(
    '/labels/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a labelled range',
        params: idParams,
        response: { 200: rangeDocument, ...problems },
      },
    },
    ({ params: { id } }) => showRange(context, id),
  )

  app.post(
    '/labels',
    {
      config: { scope: 'label' },
      schema: {
        tags,
        summary: 'Label a range',
        description:
          'Sending the same range with the same labels again changes nothing; one that overlaps another is refused.',
        body: newRange,
        response: { 200: rangeDocument, 201: rangeDocument, ...problems },
      },
    },
    async ({ body, caller }, reply) => {
      const rows = rowsOf({ ...body, labels: body.labels.map(label => ({ id: '', ...label })) })
      await refuseUnknownSteps(context, body)
      const checked = await checkLabels(db, rows)
      if (!('ranges' in checked)) throw apiError('labels-refused', { problems: checked.problems })
      const [stored] = await storeLabels(db, checked.ranges, body.author ?? caller.name)
      const range = await showRange(context, stored!.id)
      return reply
        .code(stored!.added ? 201 : 200)
        .header('location', `/v1/labels/${range.id}`)
        .send(range)
    },
  )

  app.post(
    '/labels/import',
    {
      config: { scope: 'label' },
      schema: {
        tags,
        summary: 'Import labels as CSV',
        description:
          'Columns `source,start,end,label`. All rows are taken or none; every problem is listed with its row, counted from 1 below the heading. A row without a label declares a range; where a source has none, its range reaches from its first label to its last.',
        consumes: ['text/csv'],
        body: z.string().describe('source,start,end,label'),
        response: { 200: importDocument, ...problems },
      },
    },
    async ({ body, caller }) => {
      const checked = await checkLabels(db, readLabelCsv(body))
      if (!('ranges' in checked)) throw apiError('labels-refused', { problems: checked.problems.slice(0, 200) })
      const stored = await storeLabels(db, checked.ranges, caller.name)
      const added = stored.filter(range => range.added).length
      return {
        added,
        unchanged: stored.length - added,
        labels: checked.ranges.reduce((sum, range) => sum + range.labels.length, 0),
        rangeIds: stored.map(range => range.id),
      }
    },
  )

  app.delete(
    '/labels/:id',
    {
      config: { scope: 'label' },
      schema: {
        tags,
        summary: 'Delete a labelled range with its labels',
        description: 'Its time is unknown then, not background.',
        params: idParams,
        response: { 204: noContent, ...problems },
      },
    },
    async ({ params: { id } }, reply) => {
      found(await db.prisma.labelRange.findUnique({ where: { id }, select: { id: true } }), 'labelled range', id)
      await db.prisma.labelRange.deleteMany({ where: { id } })
      return reply.code(204).send(null)
    },
  )
}

/** A range names its one source, so that all its unknown steps are one refusal, with those that are known. */
const refuseUnknownSteps = async ({ db }: RouteContext, body: z.output<typeof newRange>): Promise<void> => {
  const source = namesFile([body]) ? fileSource(body.source) : await findSource(db, body.source)
  if (typeof source === 'string') throw apiError('labels-refused', { problems: [{ message: source }] })
  const known = await stepNamesOf(db, source)
  const unknown = [...new Set(body.labels.map(label => label.step))].filter(step => known && !known.has(step))
  if (known && unknown.length > 0) throw apiError('steps-unknown', { source: source.name, unknown, known: [...known] })
}
