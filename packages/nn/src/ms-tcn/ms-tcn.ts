import { mul, softmax, type Tensor } from '@takt/graph'
import { below, type Leaf } from '../parameters.ts'
import type { MaskedTimes } from './dilated-layer.ts'
import { type DualDilatedStage, declareDualDilatedStage, dualDilatedStage } from './dual-dilated-stage.ts'
import { declareStage, type Stage, type StageInput, type StageSizes, stage } from './stage.ts'

export interface MsTcnSpec extends StageSizes {
  /** Stages after the first, which see its probabilities alone; 3 in both papers. */
  readonly refinements: number
}

export interface MsTcnPlusPlusSpec extends MsTcnSpec {
  /** Of the first stage; 11 in the paper, whose others have 10. */
  readonly firstLayers: number
}

export interface MsTcn<T> {
  readonly first: Stage<T>
  readonly refinements: readonly Stage<T>[]
}

export interface MsTcnPlusPlus<T> {
  readonly first: DualDilatedStage<T>
  readonly refinements: readonly Stage<T>[]
}

export function declareMsTcn<T>(leaf: Leaf<T>, spec: MsTcnSpec): MsTcn<T> {
  return { first: declareStage(below('first', leaf), spec), refinements: declareRefinements(leaf, spec) }
}

export function declareMsTcnPlusPlus<T>(leaf: Leaf<T>, spec: MsTcnPlusPlusSpec): MsTcnPlusPlus<T> {
  const first = { ...spec, layers: spec.firstLayers }
  return { first: declareDualDilatedStage(below('first', leaf), first), refinements: declareRefinements(leaf, spec) }
}

function declareRefinements<T>(leaf: Leaf<T>, spec: MsTcnSpec): readonly Stage<T>[] {
  const sizes = { ...spec, inputs: spec.classes }
  return Array.from({ length: spec.refinements }, (_, i) => declareStage(below(`refinements.${i}`, leaf), sizes))
}

/** Features [batch, inputs, times] → the logits of every stage, [batch, classes, times] each: Farha & Gall, 2019. */
export function msTcn({ first, refinements }: MsTcn<Tensor>, x: StageInput, times: MaskedTimes): readonly Tensor[] {
  return refine(refinements, stage(first, x, times), times)
}

/** As `msTcn`, with a first stage of two dilations a layer: Li et al., 2020. */
export function msTcnPlusPlus({ first, refinements }: MsTcnPlusPlus<Tensor>, x: StageInput, times: MaskedTimes) {
  return refine(refinements, dualDilatedStage(first, x, times), times)
}

function refine(refinements: readonly Stage<Tensor>[], first: Tensor, times: MaskedTimes): readonly Tensor[] {
  const logits = [first]
  for (const refinement of refinements) {
    logits.push(stage(refinement, mul(softmax(logits.at(-1)!, 1), times.mask), times))
  }
  return logits
}
