import type { NamedTensors } from '@takt/onnx'
import type { FittedLinearView, ViewFit } from './fit-linear-view.ts'
import { judges } from './fit-scorer.ts'
import { balancedWeights } from './logistic.ts'
import { foldsWithResting } from './resting-sequences.ts'
import { calibrateTemperature } from './temperature.ts'
import type { TrainingRun } from './temporal-head/head-training.ts'
import { learnProjection } from './temporal-head/learn-projection.ts'
import { scoreWindow } from './temporal-head/score-window.ts'
import type { TemporalScorer } from './temporal-head/temporal-scorer.ts'
import { classWeights } from './temporal-head/training-windows.ts'
import { windowOf } from './temporal-head/window-batch.ts'
import { type WindowExample, windowExamples } from './temporal-head/window-examples.ts'
import type { WindowNetwork } from './temporal-head/window-network.ts'
import type { RunningProjection } from './temporal-head/window-state.ts'
import { windowTraining } from './temporal-head/window-training.ts'

/** Makes a run's steps, and gives its last state: a caller has a runtime, this package has none. */
export type Train = (run: TrainingRun) => Promise<NamedTensors>

/** A view's temporal scorers, each fitted without a fold, and how to fit the one that has seen all. */
export type FittedTemporalView = {
  readonly withoutFold: readonly TemporalScorer[]
  readonly fitWhole: () => Promise<TemporalScorer>
}

/** Features of a layer: as many as the recordings' head has. */
const MAPS = 32

/** Less than the recordings' head has, for the variance is shared by all components here. */
const VARIANCE_FLOOR = 0.1

/** Classes weigh by the square root of how rare they are: between as often as they are, and all alike. */
const BALANCE = 0.5

/** Of a batch: enough to know a station at rest, too little to move a border. */
const RESTING_SHARE = 0.1

const SEED = 1

/**
 * Fits one view's networks, with the moments that its linear scorer was found best with. What they learn is altered
 * again and again (time warp, shifted channels, noise, an early end of the video); the temperature is that of the least
 * held-out loss, classes weighing the same. Throws what `train` throws, or the signal's reason.
 */
export async function fitTemporalView(
  view: ViewFit,
  { normaliser, training, resting }: FittedLinearView,
  train: Train,
  progress: (share: number) => void,
): Promise<FittedTemporalView> {
  const { sequences, viewId, classes, options, signal } = view
  const { halfLifeSteps, priorWeight } = normaliser
  const projection = learnProjection(normaliser, training.rows)
  const running: RunningProjection = { projection, halfLifeSteps, priorWeight, varianceFloor: VARIANCE_FLOOR }
  const all = [...sequences, ...resting.map(({ sequence }) => sequence)]
  const seen = await windowExamples(all, { viewId, running, lookAheadSteps: options.lookAheadSteps, signal })
  const { foldCount, foldOf } = foldsWithResting(view.folds, sequences.length, resting)
  const folds = seen.map(foldOf)
  const learning = windowTraining({ inputs: projection.biases.length, classes: classes.length, maps: MAPS })

  const networkWithout = async (fold: number): Promise<WindowNetwork> => {
    signal?.throwIfAborted()
    const used = seen.filter((_, index) => fold < 0 || folds[index] !== fold)
    const examples = used.filter(({ sequence }) => sequence < sequences.length)
    const labels = [{ labels: Int16Array.from(examples, ({ label }) => label) }]
    const source = {
      examples,
      resting: used.filter(({ sequence }) => sequence >= sequences.length),
      restingShare: RESTING_SHARE,
      classWeights: classWeights(labels, classes.length, BALANCE),
    }
    return learning.networkOf(await train(learning.run(source, SEED)))
  }

  const networks: WindowNetwork[] = []
  for (let fold = 0; fold < foldCount; fold++) {
    networks.push(await networkWithout(fold))
    progress((fold + 1) / foldCount)
  }
  const temperature = heldOutTemperature({ networks, examples: seen, folds, classCount: classes.length })
  const scorerOf = (network: WindowNetwork): TemporalScorer => {
    return { kind: 'temporal', viewId, ...running, network, temperature }
  }
  return {
    withoutFold: networks.map(scorerOf),
    fitWhole: async () => scorerOf(await networkWithout(-1)),
  }
}

/** What cross-validation finds where it can, about: networks are surer than they are right. */
const USUAL_TEMPERATURE = 1.7

/** The temperature of least loss on examples that a network has not learnt from; the usual one where there are none. */
function heldOutTemperature({
  networks,
  examples,
  folds,
  classCount,
}: {
  readonly networks: readonly WindowNetwork[]
  readonly examples: readonly WindowExample[]
  readonly folds: readonly number[]
  readonly classCount: number
}): number {
  const labels = Int16Array.from(examples, ({ label }) => label)
  const isJudge = judges(labels, folds)
  const sampleWeights = balancedWeights(labels, classCount, sample => Number(isJudge(sample)))
  if (sampleWeights.every(weight => weight === 0)) return USUAL_TEMPERATURE
  const count = examples.length
  const logits = new Float64Array(classCount * count)
  for (const [sample, example] of examples.entries()) {
    if (!isJudge(sample)) continue
    const [scores] = scoreWindow(networks[folds[sample]!]!, windowOf(example))
    for (let k = 0; k < classCount; k++) logits[k * count + sample] = scores![k]!
  }
  return calibrateTemperature({ logits, labels, sampleWeights })
}
