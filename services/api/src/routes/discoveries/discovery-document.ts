import type { StoredWork } from '@takt/db/discoveries'
import { z } from 'zod'
import { id, instant, name, time } from '../../http/fields.ts'
import { type Example, examplesOf } from './examples-of.ts'

const span = { startTime: time(), endTime: time() }

const cycleDocument = z.object({
  ...span,
  whole: z.boolean().describe('False where the window or a gap of the video cuts it.'),
  certainty: z.number().describe('How much of it the other cycles foretell, beside the median cycle: 0 to 1.'),
  steps: z.array(z.object({ step: z.number().int(), ...span })),
})

const stepDocument = z.object({
  step: z.number().int().describe('From 1, in the order of work.'),
  medianSeconds: z.number(),
  cycles: z.number().int().describe('In how many cycles it was found.'),
  examples: z
    .array(z.object({ ...span, video: z.string() }))
    .describe('Of whole cycles, the most typical length first: what to show to whoever names it.'),
})

/** The search for cycles and steps in a window of a station's video, and what came of it. */
export const discoveryDocument = z
  .object({
    id: z.string(),
    state: z.enum(['queued', 'done', 'failed']),
    stationId: z.string(),
    encoderId: z.string(),
    from: time(),
    to: time(),
    error: z.string().nullable(),
    found: z.boolean().nullable().describe('Whether something repeats; null until it is done.'),
    reason: z.string().nullable().describe('Why nothing was found.'),
    evidence: z
      .record(z.string(), z.number())
      .nullable()
      .describe('What cycles foretell of each other, beside shorter ones and beside chance; shares of 1.'),
    periodSeconds: z.number().nullable(),
    startBecause: z.string().nullable().describe('Why a cycle is taken to begin where it does.'),
    cycles: z.array(cycleDocument),
    steps: z.array(stepDocument),
    createdAt: time(),
    finishedAt: time().nullable(),
  })
  .meta({ id: 'Discovery' })

export const newDiscovery = z.strictObject({
  stationId: id(),
  from: instant().optional().describe('Half an hour before `to` where it is left out.'),
  to: instant().optional().describe('Now where it is left out.'),
  encoderId: id().optional().describe('The one that times the station where it is left out.'),
})

export const stepNames = z.strictObject({
  names: z
    .array(z.strictObject({ step: z.number().int().min(1).max(1000), name: name() }))
    .min(1)
    .max(1000)
    .describe('Steps of one name are one. What is not named is background.'),
  author: name().optional().describe("The key's name where it is left out."),
})

export const namingDocument = z
  .object({
    processId: z.string(),
    processAdded: z.boolean().describe('The station had none: the named steps are its first version.'),
    rangeIds: z.array(z.string()),
    labels: z.number().int(),
  })
  .meta({ id: 'DiscoveryNaming' })

export interface DiscoveryRow {
  readonly id: string
  readonly state: string
  readonly stationId: string
  readonly encoderId: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly work: unknown
  readonly error: string | null
  readonly createdAt: Date
  readonly finishedAt: Date | null
}

export const presentDiscovery = (row: DiscoveryRow): z.output<typeof discoveryDocument> => {
  const work = row.work as StoredWork | null
  const at = (seconds: number) => new Date(row.startsAt.getTime() + seconds * 1000).toISOString()
  const times = (of: { readonly startSeconds: number; readonly endSeconds: number }) => ({
    startTime: at(of.startSeconds),
    endTime: at(of.endSeconds),
  })
  const example = (of: Example) => {
    const { startTime, endTime } = times(of)
    const video = `/v1/stations/${row.stationId}/video?from=${startTime}&to=${endTime}`
    return { startTime, endTime, video }
  }
  const found = work?.found ? work : null
  return {
    id: row.id,
    state: row.state as z.output<typeof discoveryDocument>['state'],
    stationId: row.stationId,
    encoderId: row.encoderId,
    from: row.startsAt.toISOString(),
    to: row.endsAt.toISOString(),
    error: row.error,
    found: work?.found ?? null,
    reason: work?.found === false ? work.reason : null,
    evidence: work?.evidence ? { ...work.evidence } : null,
    periodSeconds: found?.periodSeconds ?? null,
    startBecause: found?.startBecause ?? null,
    cycles: (found?.cycles ?? []).map(({ whole, certainty, steps, ...cycle }) => ({
      ...times(cycle),
      whole,
      certainty,
      steps: steps.map(({ step, ...of }) => ({ step, ...times(of) })),
    })),
    steps: (found ? examplesOf(found) : []).map(({ examples, ...step }) => ({
      ...step,
      examples: examples.map(example),
    })),
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
  }
}
