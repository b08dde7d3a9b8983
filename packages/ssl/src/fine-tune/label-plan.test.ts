import { expect, test } from 'vitest'
import { clipTargets } from './clip-targets.ts'
import { labelPlan } from './label-plan.ts'

/** 40 known time steps, of classes 0, 1 and 2, with unknown ones on both sides. */
const labels = Int16Array.from({ length: 60 }, (_, i) => (i < 10 || i >= 50 ? -1 : i < 20 ? 0 : i < 40 ? 1 : 2))
const request = { labels, classes: 4, times: 4, seen: [{ from: 0, to: 60 }] }

test('every fifth clip of labelled time is held out, and its labels are not learnt from', () => {
  const { learnt, heldOut } = labelPlan(request)
  expect(heldOut.starts).toEqual([18, 38])
  const known = (of: Int16Array) => [...of.keys()].filter(step => of[step]! >= 0)
  expect(known(heldOut.labels)).toEqual([18, 19, 20, 21, 38, 39, 40, 41])
  expect(new Set([...known(learnt.labels), ...known(heldOut.labels)]).size).toBe(40)
  expect(known(learnt.labels)).not.toContain(18)
  expect(learnt.starts).not.toContain(18)
  expect(learnt.starts).toContain(17)
})

test('clips stay within labelled time, and within what is seen', () => {
  const { starts } = labelPlan(request).learnt
  expect([Math.min(...starts), Math.max(...starts)]).toEqual([10, 46])
  const apart = [
    { from: 12, to: 30 },
    { from: 30, to: 48 },
  ]
  const within = labelPlan({ ...request, seen: apart }).learnt.starts
  expect(within.filter(start => start < 12 || start > 44 || (start > 26 && start < 30))).toEqual([])
})

test('classes weigh the same together; one that is never learnt from weighs nothing', () => {
  const { learnt, weights } = labelPlan(request)
  const totals = [0, 1, 2].map(each => weights[each]! * learnt.labels.filter(label => label === each).length)
  expect(totals[0]).toBeCloseTo(totals[1]!)
  expect(totals[0]).toBeCloseTo(totals[2]!)
  expect(weights[3]).toBe(0)
  const targets = clipTargets(learnt, { starts: learnt.starts, times: 4, weights })
  expect(targets.every(Number.isFinite)).toBe(true)
})

test('a target sums to the weight of its class, most of it on the class, and to 0 where nothing is known', () => {
  const known = Int16Array.from([1, -1])
  const targets = clipTargets({ labels: known }, { starts: [0], times: 2, weights: [1, 3] })
  expect([...targets.slice(2)]).toEqual([0, 0])
  expect(targets[0]).toBeCloseTo(0.15)
  expect(targets[1]).toBeCloseTo(2.85)
})

test.each([
  ['four clips', { seen: [{ from: 10, to: 29 }] }],
  ['one class', { seen: [{ from: 20, to: 40 }] }],
  [
    'a class that only what is held out shows',
    { labels: labels.map((_, i) => (i >= 18 && i < 22 ? 2 : i % 2)), seen: [{ from: 10, to: 30 }] },
  ],
  ['nothing', { seen: [] }],
])('%s is too little', (_, other) => {
  expect(() => labelPlan({ ...request, ...other })).toThrow('fine-tuning needs labels of 5 whole clips')
})
