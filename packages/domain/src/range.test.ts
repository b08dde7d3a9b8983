import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { intersectionOverUnion, mergeRanges, overlapMs, type Range, subtractRanges } from './range.ts'

const range = (startUtcMs: number, endUtcMs: number): Range => ({ startUtcMs, endUtcMs })
const anyRange = fc.tuple(fc.nat(100), fc.nat(30)).map(([start, length]) => range(start, start + length))
const covers = (ranges: readonly Range[], ms: number): boolean =>
  ranges.some(r => ms >= r.startUtcMs && ms < r.endUtcMs)

describe('ranges', () => {
  test('merge into the least ordered set that covers the same time', () => {
    fc.assert(
      fc.property(fc.array(anyRange), ranges => {
        const merged = mergeRanges(ranges)
        for (let ms = 0; ms < 131; ms++) expect(covers(merged, ms)).toBe(covers(ranges, ms))
        merged.slice(1).forEach((r, i) => {
          expect(r.startUtcMs).toBeGreaterThan(merged[i]!.endUtcMs)
        })
      }),
    )
  })

  test('subtract to what a window has beside them', () => {
    fc.assert(
      fc.property(anyRange, fc.array(anyRange), (window, ranges) => {
        const rest = subtractRanges(window, ranges)
        for (let ms = 0; ms < 131; ms++) expect(covers(rest, ms)).toBe(covers([window], ms) && !covers(ranges, ms))
      }),
    )
  })

  it('share time, and touching is not sharing', () => {
    expect(overlapMs(range(0, 4), range(3, 9))).toBe(1)
    expect(overlapMs(range(0, 4), range(4, 9))).toBe(0)
  })

  it('agree by shared over joint time', () => {
    expect(intersectionOverUnion(range(0, 4), range(2, 6))).toBeCloseTo(1 / 3)
    expect(intersectionOverUnion(range(0, 4), range(0, 4))).toBe(1)
    expect(intersectionOverUnion(range(2, 2), range(2, 2))).toBe(0)
  })
})
