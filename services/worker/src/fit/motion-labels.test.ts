import { expect, test } from 'vitest'
import { labelledMotions } from './motion-labels.ts'

const step = (name: string, level: 'task' | 'motion', position: number) => {
  return { name, level, position, opensCycle: false, optional: false, repeats: false, anyOrderGroup: null }
}

test('motions are those that are labelled and whose task is learnt, in the order of the process', () => {
  const steps = [
    ...[step('pick', 'task', 0), step('reach', 'motion', 0), step('screw', 'task', 1), step('grasp', 'motion', 1)],
    ...[step('turn', 'motion', 2), step('check', 'task', 2), step('look', 'motion', 3)],
  ]
  const parentOf = new Map([
    ['reach', 'pick'],
    ['grasp', 'pick'],
    ['turn', 'screw'],
    ['look', 'check'],
  ])
  const labels = ['grasp', 'pick', 'reach', 'screw', 'look'].map((label, i) => ({ label, startMs: i, endMs: i + 1 }))
  const work = { steps, parentOf, ranges: [{ startMs: 0, endMs: 10, labels }] }
  expect(labelledMotions(work, ['background', 'pick', 'screw'])).toEqual([
    { name: 'reach', task: 1 },
    { name: 'grasp', task: 1 },
  ])
})
