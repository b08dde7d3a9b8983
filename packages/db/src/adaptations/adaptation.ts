import type { AdaptationId, EncoderId, StationId } from '@takt/domain'

/** The loss of a step, for the series that people look at; of some, what its clips' features show. */
export interface LossPoint {
  readonly step: number
  readonly loss: number
  readonly features?: FeatureLook
}

/** Whether an encoder tells clips apart: RankMe, spread, what time and place alone explain, alignment, uniformity. */
export interface FeatureLook {
  readonly effectiveRank: number
  readonly spread: number
  readonly placeShare: number
  /** Null where a method sees one view of a clip. */
  readonly alignment: number | null
  readonly uniformity: number
}

/** How a run is laid out, once it is settled: exact resume needs the same. */
export interface TrainingPlan {
  /** Clips a step. */
  readonly batch: number
  readonly stepsPerCall: number
  /** Of the whole schedule. */
  readonly steps: number
}

/** What an `adapt` job has to do. */
export interface AdaptationWork {
  readonly id: AdaptationId
  readonly method: string
  readonly parent: {
    readonly id: EncoderId
    readonly name: string
    readonly spec: unknown
    readonly weightsKey: string
  }
  /** Empty: every station. */
  readonly stations: readonly StationId[]
  readonly budgetMs: number
  readonly seed: number
  readonly plan: TrainingPlan | null
  readonly checkpointStep: number | null
  /** As of the last report, which may be beyond the checkpoint. */
  readonly losses: readonly LossPoint[]
  readonly trainedMs: number
  /** When a worker first took it. */
  readonly startedAtMs: number
}

/** Who trains an adaptation: a worker's start of its job, for as long as it renews it. */
export interface AdaptationLease {
  readonly adaptation: AdaptationId
  readonly holder: string
}

/** A lease that is not renewed for so long is over: its worker is dead, ms. */
export const leaseMs = 20_000

/** The condition, on a row, that nobody trains it. */
export const unheld = '(lease_until is null or lease_until < now())'
