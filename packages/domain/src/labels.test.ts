import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { backgroundClass, labelOccurrences, labelsToSteps, unknownClass } from './labels.ts'

const classes = ['background', 'pick', 'place']
const steps = (request: Partial<Parameters<typeof labelsToSteps>[0]>): readonly number[] => [
  ...labelsToSteps({ ranges: [], labels: [], classes, fromSlot: 0, toSlot: 8, ...request }),
]

describe('labels as classes of slots', () => {
  it('are unknown outside the ranges, background inside, and the label that covers the middle', () => {
    const ranges = [{ startMs: 250, endMs: 1750 }]
    const labels = [
      { startMs: 300, endMs: 700, label: 'pick' },
      { startMs: 700, endMs: 1100, label: 'place' },
    ]
    expect(steps({ ranges, labels })).toEqual([-1, 1, 1, 2, 0, 0, 0, -1])
  })

  it('stay unknown where a label lies outside the ranges', () => {
    expect(steps({ labels: [{ startMs: 0, endMs: 2000, label: 'pick' }] })).toEqual(Array(8).fill(unknownClass))
  })

  it('may be asked for any stretch of slots', () => {
    const ranges = [{ startMs: 0, endMs: 10_000_000 }]
    const labels = [{ startMs: 0, endMs: 25_000, label: 'place' }]
    expect(steps({ ranges, labels, fromSlot: 98, toSlot: 102 })).toEqual([2, 2, 0, 0])
    expect(steps({ ranges, labels, fromSlot: 5, toSlot: 5 })).toEqual([])
  })

  it('name a class or are refused; the background is not one', () => {
    const ranges = [{ startMs: 0, endMs: 1000 }]
    for (const label of ['weld', 'background'])
      expect(() => steps({ ranges, labels: [{ startMs: 0, endMs: 500, label }] })).toThrow(
        expect.objectContaining({ code: 'label-without-class' }),
      )
  })

  test('agree with what covers the middle of each slot', () => {
    const span = fc.tuple(fc.integer({ min: -500, max: 2500 }), fc.integer({ min: 1, max: 1500 }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 3 }), span, (ranges, [start, length]) => {
        const declared = ranges.map(([startMs, ms]) => ({ startMs, endMs: startMs + ms }))
        const label = { startMs: start, endMs: start + length, label: 'pick' }
        steps({ ranges: declared, labels: [label] }).forEach((value, slot) => {
          const middle = slot * 250 + 125
          const covers = (s: { startMs: number; endMs: number }): boolean => middle >= s.startMs && middle < s.endMs
          const expected = declared.some(covers) ? (covers(label) ? 1 : backgroundClass) : unknownClass
          expect(value).toBe(expected)
        })
      }),
    )
  })
})

describe('labels as occurrences', () => {
  it('keep their times to the millisecond, in slots', () => {
    const labels = [{ startMs: 25_010, endMs: 25_990, label: 'place' }]
    expect(labelOccurrences({ labels, classes, fromSlot: 100 })).toEqual([{ classIndex: 2, start: 0.04, end: 3.96 }])
  })

  it('round to what they are as classes of slots', () => {
    const label = fc.record({ startMs: fc.nat(20_000), lengthMs: fc.integer({ min: 251, max: 5000 }) })
    fc.assert(
      fc.property(label, ({ startMs, lengthMs }) => {
        const labels = [{ startMs, endMs: startMs + lengthMs, label: 'pick' }]
        const slots = steps({ ranges: [{ startMs: 0, endMs: 40_000 }], labels, toSlot: 160 })
        const { start, end } = labelOccurrences({ labels, classes, fromSlot: 0 })[0]!
        expect(Math.abs(slots.indexOf(1) - start)).toBeLessThanOrEqual(0.5)
        expect(Math.abs(slots.lastIndexOf(1) + 1 - end)).toBeLessThanOrEqual(0.5)
      }),
    )
  })

  it('are refused where the process does not know them', () => {
    const labels = [{ startMs: 0, endMs: 1000, label: 'weld' }]
    expect(() => labelOccurrences({ labels, classes, fromSlot: 0 })).toThrow('weld')
  })
})
