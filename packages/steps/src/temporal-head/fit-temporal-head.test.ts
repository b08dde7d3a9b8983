import { describe, expect, it, vi } from 'vitest'
import { trainInChild } from '../../test/train-in-child.ts'
import { workedRecording } from '../../test/worked-recording.ts'
import { labelledStretches } from '../labelled-runs.ts'
import { fitTemporalHead, type TemporalFit } from './fit-temporal-head.ts'
import type { TrainingRun } from './head-training.ts'
import { readRecording } from './temporal-head.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const classes = ['background', 'step 1', 'step 2', 'step 3', 'step 4']

/** Labels reach to the end of the first cycle's last step. */
const { recording, truth } = workedRecording(1)
const fit = (over: Partial<TemporalFit> = {}): TemporalFit => ({
  recordings: [recording],
  classes,
  seeds: [1],
  train: trainInChild,
  ...over,
})

describe('a temporal head fitted on one cycle', () => {
  it('finds the steps of the other cycles, in their order', async () => {
    const head = await fitTemporalHead(fit({ seeds: [1, 2] }))
    const found = readRecording({ head, ...recording })
    const steps = labelledStretches(truth)[0]!.filter(run => run.classIndex > 0)
    expect(found.map(({ classIndex }) => classIndex)).toEqual(steps.map(({ classIndex }) => classIndex))
    const late = found.map(({ startStep }, index) => Math.abs(startStep - steps[index]!.start))
    expect(late.toSorted((a, b) => a - b)[Math.floor(late.length / 2)]).toBeLessThanOrEqual(2)
  })

  it('is the same head again for the same seed, and another for another', async () => {
    const weights = async (seed: number) => (await fitTemporalHead(fit({ seeds: [seed] }))).networks[0]!
    const [first, again, other] = [await weights(5), await weights(5), await weights(6)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  it('refuses features of another dimension than it learnt from', async () => {
    const untrained = async ({ initial }: TrainingRun) => initial
    const head = await fitTemporalHead(fit({ train: untrained }))
    const vectors = recording.vectors.map(vector => vector.subarray(1))
    expect(() => readRecording({ head, vectors, labels: recording.labels })).toThrow('expected=24, got=23')
    expect(() => readRecording({ head, ...recording, labels: new Int16Array(3) })).toThrow('differ in number')
  })
})

describe('a fit is refused by name', () => {
  const { vectors, labels } = recording
  it.each<[string, Partial<TemporalFit>]>([
    ['option_out_of_range', { seeds: [] }],
    ['option_out_of_range', { seeds: [1.5] }],
    ['option_out_of_range', { options: { reachSteps: 0 } }],
    ['no_classes', { classes: ['background'] }],
    ['no_classes', { classes: ['a', 'a'] }],
    ['class_without_example', { classes: [...classes, 'never'] }],
    ['label_out_of_range', { classes: classes.slice(0, 3) }],
    ['labels_misaligned', { recordings: [{ vectors, labels: labels.subarray(1) }] }],
    ['no_labels', { recordings: [] }],
    ['no_labels', { recordings: [{ vectors, labels: new Int16Array(labels.length).fill(-1) }] }],
    ['non_finite_features', { recordings: [{ vectors: vectors.with(2, new Float32Array(24).fill(NaN)), labels }] }],
    ['dimension_mismatch', { recordings: [{ vectors: vectors.with(2, new Float32Array(9)), labels }] }],
  ])('%s: %j', async (code, over) => {
    await expect(fitTemporalHead(fit(over))).rejects.toMatchObject({ code })
  })
})
