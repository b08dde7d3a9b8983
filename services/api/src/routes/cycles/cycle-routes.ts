import { type Cycle, getCycle, listCycles, listRevisions, type Timing, timingsOfCycle } from '@takt/db/listing'
import { censorings, type TaskTime, taskTimes } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { jsonOrCsvPage, problems } from '../../http/answers.ts'
import { type CsvColumns, sendPage } from '../../http/csv.ts'
import { cursor, id, idParams, instant, limit, time } from '../../http/fields.ts'
import { cutPage, pageOf, readStartCursor, startKey } from '../../http/page.ts'
import { cycleAssociation } from '../events/association-document.ts'
import { published } from '../timings/published.ts'
import { revisionDocument, timingDocument } from '../timings/timing-document.ts'
import { checkStationOrWindow } from '../timings/timing-routes.ts'

const tags = ['cycles']

/** Milliseconds of a cycle. */
const part = (of: string) =>
  z.number().int().nullable().describe(`${of} \`null\` where it was recorded before that was told apart.`)

const cycleDocument = z
  .object({
    id: z.string(),
    revision: z.number().int(),
    stationId: z.string(),
    station: z.string(),
    startTime: time(),
    endTime: time(),
    durationMs: z
      .number()
      .nullable()
      .describe('`workMs` + `idleMs`. `null` where the cycle is censored, or a step that bounds it has weak evidence.'),
    durationSdMs: z.number().nullable(),
    censored: z.enum(censorings),
    workMs: part('In its tasks. Of a censored task, what was seen of it.'),
    idleMs: part('Seen, and in no task: waiting between tasks, and after the last one.'),
    idleAfterMs: part('The part of `idleMs` after the last task: waiting for the next cycle.'),
    unseenMs: part('Without video. Work, idle and unseen time are all the time of the cycle.'),
    missing: z.array(z.string()).readonly().describe('Steps that the process wants and that did not occur.'),
    repeated: z.array(z.string()).readonly().describe('Steps that occurred more than once.'),
    interrupted: z
      .array(z.string())
      .readonly()
      .describe('Steps that were left and gone on with: their parts, nothing else in between, are one step.'),
    extra: z.array(z.string()).readonly().describe('Steps done again though the process does not repeat them.'),
    misplaced: z.array(z.string()).readonly().describe('Steps that came after one which they should precede.'),
    outOfOrder: z.boolean().describe('Whether any step is misplaced.'),
    jobOrderId: z.string().nullable().describe('JobOrderID of the MES, if it gave one.'),
    serial: z.string().nullable(),
    variant: z.string().nullable(),
    association: cycleAssociation.nullable().describe('`null`: published before there were events.'),
    releaseId: z.string(),
    encoderId: z.string(),
    headId: z.string(),
    runId: z.string(),
    ordinal: z.number().int(),
  })
  .meta({ id: 'Cycle' }) satisfies z.ZodType<Cycle>

const taskDocument = z
  .object({
    step: z.string(),
    workMs: z
      .number()
      .int()
      .describe('What was seen of it, all parts together. Those of a cycle add up to its `workMs`.'),
    durationMs: z.number().int().nullable().describe('`null` where a part of it has no duration.'),
    durationSdMs: z.number().nullable(),
    parts: z
      .number()
      .int()
      .describe('How many timings it consists of: more than one where it was interrupted or repeated.'),
  })
  .meta({ id: 'TaskTime' }) satisfies z.ZodType<TaskTime>

const cycleWithTimings = cycleDocument
  .extend({
    tasks: z.array(taskDocument).readonly().describe('In the order in which they first occurred.'),
    timings: z.array(timingDocument).describe('Its intervals, in the order of their start.'),
  })
  .meta({ id: 'CycleWithTimings' })

const cycleColumns: CsvColumns<Cycle> = {
  id: c => c.id,
  revision: c => c.revision,
  stationId: c => c.stationId,
  station: c => c.station,
  startTime: c => c.startTime,
  endTime: c => c.endTime,
  durationMs: c => c.durationMs,
  durationSdMs: c => c.durationSdMs,
  censored: c => c.censored,
  missing: c => c.missing.join('; '),
  repeated: c => c.repeated.join('; '),
  outOfOrder: c => c.outOfOrder,
  jobOrderId: c => c.jobOrderId,
  serial: c => c.serial,
  variant: c => c.variant,
  releaseId: c => c.releaseId,
  encoderId: c => c.encoderId,
  headId: c => c.headId,
  workMs: c => c.workMs,
  idleMs: c => c.idleMs,
  idleAfterMs: c => c.idleAfterMs,
  unseenMs: c => c.unseenMs,
  interrupted: c => c.interrupted.join('; '),
  extra: c => c.extra.join('; '),
  misplaced: c => c.misplaced.join('; '),
}

const withUtc = (timing: Timing) => ({
  ...timing,
  startUtcMs: Date.parse(timing.startTime),
  endUtcMs: Date.parse(timing.endTime),
})

export const cycleRoutes: Routes = (app, { db }) => {
  app.get(
    '/cycles',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List cycles',
        description: 'Final cycles that overlap the window, in the order of start and id, as JSON or CSV by `Accept`.',
        querystring: z.strictObject({
          station: id().optional(),
          from: instant().optional(),
          to: instant().optional(),
          cursor: cursor(),
          limit: limit({ usual: 500, most: 10_000 }),
        }),
        response: { 200: jsonOrCsvPage(pageOf(cycleDocument), Object.keys(cycleColumns)), ...problems },
      },
    },
    async (request, reply) => {
      const { query } = request
      checkStationOrWindow(query)
      const rows = await listCycles(db, { ...query, after: readStartCursor(query.cursor), limit: query.limit + 1 })
      return sendPage(request, reply, { page: cutPage(rows, query.limit, startKey), columns: cycleColumns })
    },
  )

  app.get(
    '/cycles/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a cycle with its timings',
        description: '410 where a tombstone has removed it.',
        params: idParams,
        response: { 200: cycleWithTimings, ...problems },
      },
    },
    async ({ params: { id } }) => {
      const cycle = await published(db, { row: await getCycle(db, id), entity: 'cycle', id })
      const timings = await timingsOfCycle(db, cycle)
      return { ...cycle, tasks: taskTimes(timings.map(withUtc)), timings }
    },
  )

  app.get(
    '/cycles/:id/revisions',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List what a cycle has been, first to last',
        params: idParams,
        response: { 200: z.object({ items: z.array(revisionDocument) }), ...problems },
      },
    },
    async ({ params: { id } }) => {
      const items = await listRevisions(db, 'cycle', id)
      if (items.length === 0) throw apiError('not-found', { what: 'cycle', id })
      return { items }
    },
  )
}
