import { describe, expect, it, vi } from 'vitest'
import { testEngine } from '../../test/sequence-engine.ts'
import { stamped, syntheticSequences } from '../../test/synthetic-sequences.ts'
import type { LabelledFeatures } from './feature-sequence.ts'
import { fitSequenceHead, type SequenceFit } from './fit-sequence-head.ts'
import { msTcnNetwork } from './head-networks.ts'
import type { HeadName, HeadRecipe } from './head-recipes.ts'
import { largestClasses, scoreSequences } from './sequence-head.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const bench = { classes: 4, channels: 8, meanSteps: 15, noise: 1.5 } as const
const training = syntheticSequences({ ...bench, seed: 1, count: 6 })
const tested = syntheticSequences({ ...bench, seed: 2, count: 4 })

/** MS-TCN with fewer maps and layers. */
const small: Partial<HeadRecipe> = {
  network: sizes => msTcnNetwork(sizes, { maps: 16, layers: 4, refinements: 1 }),
  epochs: 20,
  leastSteps: 0,
  rate: 3e-3,
}

const fit = (over: Partial<SequenceFit> = {}): SequenceFit => ({
  head: 'ms-tcn',
  sequences: training,
  form: { channels: bench.channels, places: 1 },
  classCount: bench.classes,
  seeds: [1],
  engine: testEngine,
  recipe: small,
  ...over,
})

async function accuracy(over: Partial<SequenceFit>): Promise<number> {
  const head = await fitSequenceHead(fit(over))
  let [right, all] = [0, 0]
  for await (const { sequence, scores } of scoreSequences(head, tested, testEngine)) {
    const found = largestClasses(scores, bench.classes)
    right += found.filter((label, time) => label === sequence.labels[time]).length
    all += found.length
  }
  return right / all
}

describe('a sequence head finds the steps of other sequences', () => {
  it('from whole labels', async () => {
    expect(await accuracy({})).toBeGreaterThan(0.9)
  })

  it('from one labelled time step a step', async () => {
    expect(await accuracy({ sequences: stamped(training, 3) })).toBeGreaterThan(0.85)
  })

  it('from both mixed, better than from the whole ones alone', async () => {
    const whole = training.slice(0, 2)
    const mixed = [...whole, ...stamped(training.slice(2), 3)]
    const alone = await accuracy({ sequences: whole })
    expect(await accuracy({ sequences: mixed })).toBeGreaterThan(Math.max(0.85, alone))
  })

  it.each<[HeadName, number, number]>([
    ['linear', 30, 0.6],
    ['temporal', 30, 0.8],
    ['timesformer-tiny', 8, 0.7],
  ])('with the recipe of %s, in %i epochs', async (head, epochs, least) => {
    expect(await accuracy({ head, recipe: { epochs, leastSteps: 0 } })).toBeGreaterThan(least)
  })
})

it('is the same head again for the same seed, whose networks it averages', async () => {
  const weights = async (seeds: readonly number[]) =>
    (await fitSequenceHead(fit({ seeds, sequences: training.slice(0, 1), recipe: { ...small, epochs: 1 } }))).networks
  const [first, again, both] = [await weights([5]), await weights([5]), await weights([5, 6])]
  expect(again).toEqual(first)
  expect(both[0]).toEqual(first[0])
  expect(both[1]).not.toEqual(first[0])
})

it('reads sequences into three buffers at most: one to learn its channels, one for a step, one for the next', async () => {
  const buffers = new Set<ArrayBufferLike>()
  const watched = training.map((sequence): LabelledFeatures => {
    const read = async (into: Float32Array) => {
      buffers.add(into.buffer)
      await sequence.read(into)
    }
    return { ...sequence, read }
  })
  await fitSequenceHead(fit({ sequences: watched, recipe: { ...small, epochs: 2 } }))
  expect(buffers.size).toBeLessThanOrEqual(3)
})

describe('a fit is refused by name', () => {
  const [first] = training
  it.each<[string, Partial<SequenceFit>]>([
    ['option_out_of_range', { seeds: [] }],
    ['option_out_of_range', { seeds: [-1] }],
    ['no_labels', { sequences: [] }],
    ['no_labels', { sequences: [{ ...first!, labels: first!.labels.map(() => -1) }] }],
    ['label_out_of_range', { classCount: 3 }],
    ['labels_misaligned', { sequences: [{ ...first!, labels: first!.labels.subarray(1) }] }],
    ['sequence_too_short', { sequences: [{ ...first!, times: 1, labels: first!.labels.subarray(0, 1) }] }],
  ])('%s', async (code, over) => {
    await expect(fitSequenceHead(fit(over))).rejects.toMatchObject({ code })
  })
})
