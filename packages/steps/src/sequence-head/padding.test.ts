import { mapNamed, random, stateOf } from '@takt/nn'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { testEngine } from '../../test/sequence-engine.ts'
import { syntheticSequences } from '../../test/synthetic-sequences.ts'
import type { HeadNetwork } from './head-networks.ts'
import {
  linearNetwork,
  msTcnNetwork,
  msTcnPlusPlusNetwork,
  type NetworkSizes,
  timesformerNetwork,
} from './head-networks.ts'
import { knownAtFirst, lessons } from './lessons.ts'
import { SequenceFeed, schedule } from './sequence-feed.ts'
import { optimiser, scoringModel, trainingModel } from './sequence-models.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const sizes: NetworkSizes = { channels: 6, places: 2, classes: 3, stepLength: 16 }
const tcn = { maps: 8, layers: 4, refinements: 1 }
const [sequence] = syntheticSequences({ seed: 4, count: 1, classes: 3, channels: 6, meanSteps: 10, noise: 1 })
const standard = { gain: new Float32Array(6).fill(0.7), offset: new Float32Array(6).fill(0.2) }
const unaltered = { pace: null, channelDropout: 0, channelShift: 0 }

const networks: Readonly<Record<string, HeadNetwork>> = {
  linear: linearNetwork(sizes),
  'ms-tcn': msTcnNetwork(sizes, tcn),
  'ms-tcn++': msTcnPlusPlusNetwork(sizes, { ...tcn, firstLayers: 3 }),
  'timesformer-tiny': timesformerNetwork(sizes, { dim: 8, depth: 2, heads: 2, window: 4 }),
}

/** Losses of three steps, with dropout, and the scores of the untrained network, by a model of a length. */
async function run(network: HeadNetwork, length: number) {
  const { times } = sequence!
  const feed = new SequenceFeed({ ...sizes, longest: length }, standard)
  const model = { network, sizes, smoothing: 0.15, labels: 'full' } as const
  const lesson = lessons([knownAtFirst(sequence!)], { classCount: 3, balance: 0.5, borderSteps: 2 })
  const initial = network.initial(1)
  await using training = await testEngine.openTraining(trainingModel(model, length), stateOf(initial, optimiser))
  const losses: number[] = []
  for (let step = 1; step <= 3; step++) {
    const showing = {
      length,
      augmentation: unaltered,
      knotSteps: 1,
      dropout: network.dropout,
      draw: random(1, `${step}`),
    }
    const inputs = await feed.lesson(sequence!, lesson(knownAtFirst(sequence!)), showing)
    const stacked = mapNamed(inputs, value => ({ ...value, shape: [1, ...value.shape] }))
    losses.push(await training.advance({ ...stacked, ...schedule(0.01, 0, step) }))
  }
  await using scoring = await testEngine.openScoring(scoringModel(model, length, [initial]))
  const { probabilities } = await scoring.run(await feed.plain(sequence!, length))
  const found = Array.from({ length: 3 * times }, (_, at) => {
    return Number(probabilities!.data[Math.floor(at / times) * length + (at % times)])
  })
  return { losses, found }
}

describe.each(Object.entries(networks))('%s', (_, network) => {
  let exact: Awaited<ReturnType<typeof run>>
  let filled: Awaited<ReturnType<typeof run>>
  beforeAll(async () => {
    exact = await run(network, sequence!.times)
    filled = await run(network, sequence!.times + 13)
  }, 60_000)

  it('learns from a sequence in a longer model what it learns in one of its own length', () => {
    expect(new Set(exact.losses).size).toBe(3)
    for (const [step, loss] of exact.losses.entries()) expect(filled.losses[step]).toBeCloseTo(loss, 4)
  })

  it('scores it there as it does in one of its own length', () => {
    for (const [at, probability] of exact.found.entries()) expect(filled.found[at]).toBeCloseTo(probability, 5)
  })
})
