import type { TrainingMethod } from '@takt/domain'
import type { Tensor, TensorValue } from '@takt/graph'
import type { Carried, EncoderSpec, Leaf, Named, Objective, Schedule } from '@takt/nn'
import type { Draws } from './draws.ts'
import type { Recipe } from './recipe.ts'

/** What a run trains, on how much at a time, and for how long. */
export interface Setting {
  /** The encoder that is trained. */
  readonly spec: EncoderSpec
  /** Clips a step. */
  readonly batch: number
  /** Length of the schedule; steps beyond it have a rate of 0. */
  readonly steps: number
  /** Of masks, views and first weights. */
  readonly seed: number
}

/** Where the encoder is in the tree of what a method learns. */
export const ENCODER = 'encoder.'

/** A self-supervised method in a setting: all that tells it from any other. */
export interface Method {
  readonly name: TrainingMethod
  readonly recipe: Recipe
  /** What is learnt: the encoder, below `encoder`, and what trains it. */
  readonly declare: <T>(leaf: Leaf<T>) => unknown
  /** Who follows the learnt weights by EMA. */
  readonly teacher?: Teacher
  /** First values of what it remembers from step to step. */
  readonly memory?: Named<TensorValue>
  /** Which weights keep the peak rate. */
  readonly steady?: (name: string) => boolean
  /** What a step is fed besides its clips. */
  readonly draws: Draws
  /** One step: `fed` has the clips, uint8 `frames` [batch, frames, size, size, RGB], and what is drawn. */
  readonly objective: (learnt: Named<Tensor>, fed: Named<Tensor>, carried: Carried<Tensor>) => Objective
}

export interface Teacher {
  readonly follows: (name: string) => boolean
  /** Share of itself that it keeps. */
  readonly momentum: Schedule
  /** Whose encoder is what was learnt. */
  readonly serves: 'teacher' | 'learner'
}
