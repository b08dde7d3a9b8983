import type { ProcessDraft } from '@takt/domain'
import { z } from 'zod'
import { instant, line, name, time } from '../../http/fields.ts'

const stepFields = {
  name: name(),
  externalId: line(200).nullable().default(null).describe("The plant's own identifier, such as an MES operation."),
  expectedMs: z.number().int().min(1).max(86_400_000).nullable().default(null),
  optional: z.boolean().default(false).describe('Whether a cycle is whole without it.'),
}

const motionDraft = z.strictObject(stepFields).meta({ id: 'NewMotion' })
const taskDraft = z
  .strictObject({
    ...stepFields,
    opensCycle: z
      .boolean()
      .default(false)
      .describe('Where it starts, a cycle starts. The first task does where none is said to.'),
    repeats: z.boolean().default(false).describe('Whether it may be done more than once in a cycle.'),
    anyOrderGroup: name()
      .nullable()
      .default(null)
      .describe(
        'Neighbouring tasks that name the same group are done in any order; 7 at most, never the first of a cycle.',
      ),
    motions: z.array(motionDraft).max(200).default([]),
  })
  .meta({ id: 'NewTask' })

const tasks = z.array(taskDraft).min(1).max(200)
const validFrom = instant().optional().describe('Now where it is left out.')

export const newProcess = z.strictObject({
  name: name(),
  externalId: line(200).nullable().default(null),
  validFrom,
  tasks,
})

export const newVersion = z.strictObject({ validFrom, tasks })

const stepDocument = z.object({
  id: z.string(),
  name: z.string(),
  externalId: z.string().nullable(),
  expectedMs: z.number().nullable(),
  optional: z.boolean(),
})

const versionDocument = z
  .object({
    id: z.string(),
    version: z.number().int(),
    validFrom: time(),
    createdAt: time(),
    tasks: z.array(
      stepDocument.extend({
        opensCycle: z.boolean(),
        repeats: z.boolean(),
        anyOrderGroup: z.string().nullable(),
        motions: z.array(stepDocument),
      }),
    ),
  })
  .meta({ id: 'ProcessVersion' })

export const processDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    externalId: z.string().nullable(),
    createdAt: time(),
    versions: z.array(versionDocument).describe('Oldest first. A version is in force until the next one.'),
  })
  .meta({ id: 'Process' })

/** A draft as the domain checks it. */
export const toDraft = (name: string, drafts: z.output<typeof tasks>): ProcessDraft => ({
  name,
  children: drafts.map(({ motions, ...task }) => ({ ...task, children: motions })),
})

interface StepRow {
  readonly id: string
  readonly parentId: string | null
  readonly level: string
  readonly name: string
  readonly externalId: string | null
  readonly position: number
  readonly opensCycle: boolean
  readonly optional: boolean
  readonly repeats: boolean
  readonly anyOrderGroup: string | null
  readonly expectedMs: number | null
}

export interface VersionRow {
  readonly id: string
  readonly version: number
  readonly validFrom: Date
  readonly createdAt: Date
  readonly steps: readonly StepRow[]
}

export interface ProcessRow {
  readonly id: string
  readonly name: string
  readonly externalId: string | null
  readonly createdAt: Date
  readonly versions: readonly VersionRow[]
}

export const presentProcess = (row: ProcessRow): z.output<typeof processDocument> => ({
  id: row.id,
  name: row.name,
  externalId: row.externalId,
  createdAt: row.createdAt.toISOString(),
  versions: row.versions.map(presentVersion),
})

const presentVersion = (row: VersionRow): z.output<typeof versionDocument> => {
  const under = (parent: string | null) =>
    row.steps.filter(step => step.parentId === parent).sort((a, b) => a.position - b.position)
  return {
    id: row.id,
    version: row.version,
    validFrom: row.validFrom.toISOString(),
    createdAt: row.createdAt.toISOString(),
    tasks: under(null).map(task => ({
      ...presentStep(task),
      opensCycle: task.opensCycle,
      repeats: task.repeats,
      anyOrderGroup: task.anyOrderGroup,
      motions: under(task.id).map(presentStep),
    })),
  }
}

const presentStep = (step: StepRow): z.output<typeof stepDocument> => ({
  id: step.id,
  name: step.name,
  externalId: step.externalId,
  expectedMs: step.expectedMs,
  optional: step.optional,
})
