import { namesBelow, PARAMETERS, stateOf } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { UNKNOWN } from '../labelled-runs.ts'
import { checkSequences } from './check-sequences.ts'
import type { FeatureForm, LabelledFeatures } from './feature-sequence.ts'
import { featureStandard } from './feature-standard.ts'
import { fillBorders } from './fill-borders.ts'
import { epochsOf, type HeadName, type HeadRecipe, headRecipes } from './head-recipes.ts'
import { type Known, knownAtFirst, medianStep } from './lessons.ts'
import type { SequenceEngine } from './sequence-engine.ts'
import type { SequenceHead } from './sequence-head.ts'
import { optimiser, trainingModel } from './sequence-models.ts'
import { openCourse } from './training-course.ts'
import { trainingOfLengths } from './training-of-lengths.ts'

export type SequenceFit = {
  readonly head: HeadName
  readonly sequences: readonly LabelledFeatures[]
  readonly form: FeatureForm
  readonly classCount: number
  /** One network each; their probabilities are averaged. */
  readonly seeds: readonly number[]
  readonly engine: SequenceEngine
  /** What differs from the head's own recipe. */
  readonly recipe?: Partial<HeadRecipe>
  /** A class that may lie unlabelled between two time stamps: the background, where no stamp is of it. */
  readonly between?: number | null
  readonly signal?: AbortSignal
  readonly progress?: (done: FitProgress) => void | Promise<void>
}

export type FitProgress = {
  readonly seed: number
  readonly epoch: number
  readonly epochs: number
  readonly loss: number
}

/**
 * Shares of the epochs before borders among time stamps are looked for again: first the network learns from the stamps
 * alone, as for 30 of 50 in Li, Farha & Gall, 2021.
 */
const STAMPED_ROUNDS = [0.4, 0.55, 0.7, 0.85, 1]
const FULL_ROUNDS = [1]

/**
 * Learns a head from sequences that are read one after the other. Labels may be whole, missing for a while, or one time
 * stamp a step: then borders between stamps are found by expectation maximisation as the network learns.
 * Throws `no_labels`, `label_out_of_range`, `labels_misaligned`, `sequence_too_short`, `option_out_of_range`, what the
 * engine or a sequence throws, or the signal's reason.
 */
export async function fitSequenceHead(fit: SequenceFit): Promise<SequenceHead> {
  checkSequences(fit)
  const { form, classCount, seeds } = fit
  const sequences = fit.sequences.filter(({ labels }) => labels.some(label => label !== UNKNOWN))
  const recipe: HeadRecipe = { ...headRecipes[fit.head], ...fit.recipe }
  const stepLength = medianStep(sequences.map(knownAtFirst))
  const sizes = { ...form, classes: classCount, stepLength }
  const standard = await featureStandard(sequences, form)
  const head = { name: fit.head, network: recipe.network(sizes), sizes, standard }
  const networks: NamedTensors[] = []
  for (const seed of seeds) networks.push(await fitNetwork({ ...fit, sequences }, { head, recipe, seed }))
  return { ...head, networks }
}

type NetworkFit = { readonly head: Omit<SequenceHead, 'networks'>; readonly recipe: HeadRecipe; readonly seed: number }

/** The weights of one seed's network. */
async function fitNetwork(fit: SequenceFit, { head, recipe, seed }: NetworkFit): Promise<NamedTensors> {
  const { engine, between = null, signal, progress = () => {} } = fit
  const { smoothing } = recipe
  const epochs = epochsOf(recipe, fit.sequences.length)
  let known: readonly Known[] = fit.sequences.map(knownAtFirst)
  const labels = known.some(({ gaps }) => gaps.length > 0) ? 'stamped' : 'full'
  const model = { ...head, smoothing, labels } as const
  const initial = stateOf(head.network.initial(seed), optimiser)
  await using training = trainingOfLengths(engine, length => trainingModel(model, length), initial)
  const weights = async () => namesBelow(PARAMETERS, await training.state())
  let epoch = 0
  for (const share of labels === 'stamped' ? STAMPED_ROUNDS : FULL_ROUNDS) {
    if (epoch > 0) {
      known = await fillBorders(known, { head: { ...head, networks: [await weights()] }, engine, between })
    }
    const course = openCourse(known, { head, recipe, seed, training, signal })
    for (const until = Math.round(share * epochs); epoch < until; epoch++) {
      await progress({ seed, epoch: epoch + 1, epochs, loss: await course(epoch) })
    }
  }
  return weights()
}
