import type { TimedMotion, Timing } from '@takt/db/listing'
import { censorings, evidences } from '@takt/domain'
import { z } from 'zod'
import type { CsvColumns } from '../../http/csv.ts'
import { time } from '../../http/fields.ts'

/** Times are those of the task's own clock, so that motions and rest add up to its duration to the millisecond. */
const timedMotion = z
  .object({
    step: z.string(),
    startMs: z.number().int().describe("After the task's start, by the clock of its duration."),
    endMs: z.number().int(),
    durationMs: z.number().int(),
    startSdMs: z.number(),
    endSdMs: z.number(),
    confidence: z.number().describe('0.5 … 1: what is less probable stays in the rest.'),
  })
  .meta({ id: 'TimedMotion' }) satisfies z.ZodType<TimedMotion>

/** One occurrence of a step; the rows of the listing are these documents as they come. */
export const timingDocument = z
  .object({
    id: z.string(),
    revision: z.number().int().describe('1 when first final; a later one supersedes it.'),
    stationId: z.string(),
    station: z.string(),
    stepId: z.string(),
    step: z.string(),
    stepExternalId: z.string().nullable(),
    level: z.enum(['task', 'motion']),
    parentStep: z.string().nullable().describe('The task that a motion is a part of.'),
    cycleId: z.string().nullable(),
    startTime: time(),
    endTime: time(),
    durationMs: z
      .number()
      .nullable()
      .describe('`null` where the timing is censored, since a gap is never a duration, or its evidence weak.'),
    durationSdMs: z
      .number()
      .nullable()
      .describe('Standard deviation of the duration: 1.645 of it hold nine tenths, as held-out cycles have shown.'),
    durationSource: z.enum(['media', 'utc']).nullable().describe("`media`: measured by the camera's own clock."),
    startSdMs: z.number(),
    endSdMs: z.number(),
    absoluteErrorMs: z.number().describe('Half-width: what joining with other systems has to allow for.'),
    confidence: z.number().describe('0 … 1.'),
    censored: z.enum(censorings).describe('Which ends were cut by missing video.'),
    evidence: z
      .enum(evidences)
      .describe(
        '`weak`: the video does not tell. `unfamiliar`: it is unlike what the head learnt from; no ± is vouched for.',
      ),
    motions: z
      .array(timedMotion)
      .nullable()
      .describe(
        'What a task is made of, in order. `null` where that is not told apart: none of its motions were labelled, it has no duration, it is longer than five minutes, or its times or step were corrected or cut.',
      ),
    restMs: z.number().int().nullable().describe('What of `durationMs` is no motion; `null` where `motions` is.'),
    author: z.enum(['machine', 'person']),
    releaseId: z.string(),
    encoderId: z.string(),
    headId: z.string(),
    processVersionId: z.string(),
    runId: z.string(),
    ordinal: z.number().int(),
  })
  .meta({ id: 'Timing' }) satisfies z.ZodType<Timing>

export const timingColumns: CsvColumns<Timing> = {
  id: t => t.id,
  revision: t => t.revision,
  stationId: t => t.stationId,
  station: t => t.station,
  step: t => t.step,
  stepExternalId: t => t.stepExternalId,
  cycleId: t => t.cycleId,
  startTime: t => t.startTime,
  endTime: t => t.endTime,
  durationMs: t => t.durationMs,
  durationSdMs: t => t.durationSdMs,
  startSdMs: t => t.startSdMs,
  endSdMs: t => t.endSdMs,
  absoluteErrorMs: t => t.absoluteErrorMs,
  confidence: t => t.confidence,
  censored: t => t.censored,
  author: t => t.author,
  releaseId: t => t.releaseId,
  encoderId: t => t.encoderId,
  headId: t => t.headId,
  level: t => t.level,
  parentStep: t => t.parentStep,
  evidence: t => t.evidence,
}

/** One state that something published has had. */
export const revisionDocument = z
  .object({
    id: z.string(),
    revision: z.number().int(),
    kind: z.enum(['final', 'revised', 'corrected', 'tombstone', 'proposal']),
    reason: z.string().nullable(),
    recordedAt: time(),
    body: z.unknown().describe('As it was published; of a tombstone, what it removed.'),
  })
  .meta({ id: 'Revision' })
