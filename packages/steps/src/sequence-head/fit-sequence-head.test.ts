import { describe, expect, it, vi } from 'vitest'
import { sequenceFit as fit, smallRecipe as small, trainingSequences as training } from '../../test/sequence-fit.ts'
import type { LabelledFeatures } from './feature-sequence.ts'
import { fitSequenceHead, type SequenceFit } from './fit-sequence-head.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

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
