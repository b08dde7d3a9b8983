import type { LossPoint } from '@takt/db'
import { trainingMethods } from '@takt/domain'
import { z } from 'zod'
import { id, time } from '../../http/fields.ts'

const states = ['queued', 'running', 'done', 'failed', 'stopped'] as const

const featureLook = z
  .object({
    effectiveRank: z.number().describe('RankMe: about so many dimensions are used.'),
    spread: z.number().describe('Among clips at one time and place, over the root mean square.'),
    placeShare: z.number().describe('Of all variance, what time and place alone explain.'),
    alignment: z.number().nullable().describe('Mean squared distance of two views of a clip.'),
    uniformity: z.number().describe('0 where all clips look the same, about -4 where they are far apart.'),
  })
  .describe('What features of the clips show of whether the encoder still tells clips apart; of every tenth call.')

/** The training of an encoder on stations' own video, without labels. */
export const adaptationDocument = z
  .object({
    id: z.string(),
    state: z.enum(states),
    stopping: z.boolean().describe('Asked to stop, and not stopped yet.'),
    method: z.enum(trainingMethods),
    parentId: z.string().describe('The encoder that it starts from.'),
    stationIds: z.array(z.string()).describe('Whose video it learns from; none: that of every station.'),
    minutes: z.number().describe('Longest time of training.'),
    seed: z.number().int(),
    step: z.number().int(),
    steps: z.number().int().nullable().describe('Planned, once the first call has shown how long a step takes.'),
    trainedSeconds: z.number(),
    losses: z
      .array(z.object({ step: z.number().int(), loss: z.number(), features: featureLook.optional() }))
      .describe('Of each call, thinned as there come to be many.'),
    attempts: z.number().int(),
    error: z.string().nullable(),
    encoderId: z.string().nullable().describe('What came of it.'),
    createdAt: time(),
    startedAt: time().nullable(),
    finishedAt: time().nullable(),
  })
  .meta({ id: 'Adaptation' })

/** A minute teaches little; what takes longer than a week is not adapted but trained. */
const longestMinutes = 7 * 24 * 60

export const newAdaptation = z.strictObject({
  method: z.enum(trainingMethods).default('video-mae'),
  minutes: z.number().min(0.1).max(longestMinutes),
  stations: z.array(id()).max(1000).default([]).describe('Every station where it is left out.'),
  encoder: id().optional().describe('What to start from; the encoder that times the stations where it is left out.'),
})

interface AdaptationRow {
  readonly id: string
  readonly state: string
  readonly stopRequestedAt: Date | null
  readonly method: string
  readonly parentId: string
  readonly stationIds: readonly string[]
  readonly budgetMs: number
  readonly seed: number
  readonly step: number
  readonly steps: number | null
  readonly trainedMs: number
  readonly losses: unknown
  readonly attempts: number
  readonly error: string | null
  readonly encoderId: string | null
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

type AdaptationDocument = z.output<typeof adaptationDocument>

export const presentAdaptation = (row: AdaptationRow): AdaptationDocument => ({
  id: row.id,
  state: row.state as AdaptationDocument['state'],
  stopping: row.stopRequestedAt !== null && row.finishedAt === null,
  method: row.method as AdaptationDocument['method'],
  parentId: row.parentId,
  stationIds: [...row.stationIds],
  minutes: row.budgetMs / 60_000,
  seed: row.seed,
  step: row.step,
  steps: row.steps,
  trainedSeconds: row.trainedMs / 1000,
  losses: [...(row.losses as readonly LossPoint[])],
  attempts: row.attempts,
  error: row.error,
  encoderId: row.encoderId,
  createdAt: row.createdAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  finishedAt: row.finishedAt?.toISOString() ?? null,
})
