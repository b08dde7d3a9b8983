import { expect, test } from 'vitest'
import { labelledRecording } from './labelled-steps.ts'

const span = (label: string, startSeconds: number, endSeconds: number) => ({
  label,
  startSeconds,
  endSeconds,
  tier: 'task',
})
const spans = [span('pack', 3, 4), span('pick', 0.5, 1), span('pick', 2.5, 3)]
const range = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds })

test('inside a training range what has no label is background; outside of them nothing is known', () => {
  const { classes, training, truth, unlearnt } = labelledRecording(spans, [range(0, 1.5)], 16)
  expect(classes).toEqual(['background', 'pick'])
  expect([...training]).toEqual([0, 0, 1, 1, 0, 0, ...Array(10).fill(-1)])
  expect([...truth]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2])
  expect(unlearnt).toEqual(['pack'])
})

test('classes stand in the order in which they are first shown', () => {
  expect(labelledRecording(spans, [range(2, 4)], 16).classes).toEqual(['background', 'pick', 'pack'])
})

test('a label that reaches out of a training range is learnt as far as it lies inside', () => {
  expect([...labelledRecording(spans, [range(0.75, 1.5)], 16).training.subarray(0, 8)]).toEqual([
    -1, -1, -1, 1, 0, 0, -1, -1,
  ])
})

test('ranges and labels beyond the recording, and ranges without a label, are refused by name', () => {
  expect(() => labelledRecording(spans, [range(5, 9)], 16)).toThrow('the range 5-9 s lies outside a recording of 4 s')
  expect(() => labelledRecording([span('pick', 7, 8)], [range(0, 2)], 16)).toThrow(
    'label pick at 7–8 s lies outside a recording of 4 s',
  )
  expect(() => labelledRecording(spans, [range(1, 2.5)], 16)).toThrow('no label has time within 1-2.5')
})
