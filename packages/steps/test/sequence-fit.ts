import type { LabelledFeatures } from '../src/sequence-head/feature-sequence.ts'
import { fitSequenceHead, type SequenceFit } from '../src/sequence-head/fit-sequence-head.ts'
import { msTcnNetwork } from '../src/sequence-head/head-networks.ts'
import type { HeadRecipe } from '../src/sequence-head/head-recipes.ts'
import { largestClasses, scoreSequences } from '../src/sequence-head/sequence-head.ts'
import { testEngine } from './sequence-engine.ts'
import { syntheticSequences } from './synthetic-sequences.ts'

const bench = { classes: 4, channels: 8, meanSteps: 15, noise: 1.5 } as const

export const trainingSequences: readonly LabelledFeatures[] = syntheticSequences({ ...bench, seed: 1, count: 6 })
const testedSequences = syntheticSequences({ ...bench, seed: 2, count: 4 })

/** MS-TCN with fewer maps and layers. */
export const smallRecipe: Partial<HeadRecipe> = {
  network: sizes => msTcnNetwork(sizes, { maps: 16, layers: 4, refinements: 1 }),
  epochs: 20,
  leastSteps: 0,
  rate: 3e-3,
}

export const sequenceFit = (over: Partial<SequenceFit> = {}): SequenceFit => ({
  head: 'ms-tcn',
  sequences: trainingSequences,
  form: { channels: bench.channels, places: 1 },
  classCount: bench.classes,
  seeds: [1],
  engine: testEngine,
  recipe: smallRecipe,
  ...over,
})

/** Share of other sequences' time steps that a head has right. */
export async function accuracyOf(over: Partial<SequenceFit>): Promise<number> {
  const head = await fitSequenceHead(sequenceFit(over))
  let [right, all] = [0, 0]
  for await (const { sequence, scores } of scoreSequences(head, testedSequences, testEngine)) {
    const found = largestClasses(scores, bench.classes)
    right += found.filter((label, time) => label === sequence.labels[time]).length
    all += found.length
  }
  return right / all
}
