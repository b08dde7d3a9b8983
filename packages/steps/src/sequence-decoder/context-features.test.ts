import { describe, expect, it } from 'vitest'
import { contextFeatureCount, contextFeatures } from './context-features.ts'

/** Two classes over 60 blocks: class 1 from block 20 on for 20 blocks, else class 0, both nearly certain. */
const isOne = (block: number) => block >= 20 && block < 40
const logs = Float64Array.from({ length: 120 }, (_, at) => Math.log(isOne(at >> 1) === (at % 2 === 1) ? 0.999 : 0.001))
const features = contextFeatures(logs, 2)
const width = contextFeatureCount(2)
/** The pair of columns of a group, for class 1 at a block. */
const ofOne = (group: number, block: number) => features[block * width + 2 * group + 1]

describe('context features', () => {
  it('bound the evidence of a block', () => {
    expect(ofOne(0, 0)).toBeCloseTo(Math.log(0.001) / 3, 5)
    expect(
      contextFeatures(
        logs.map(x => 100 * x),
        2,
      )[1],
    ).toBeCloseTo(-7 / 3, 5)
  })

  it('average what is near and what lies beside', () => {
    expect(ofOne(2, 30)).toBeCloseTo(0.999, 5)
    // Blocks 2 to 14 before block 20 are class 0; blocks 26 to 38 after it class 1.
    expect(ofOne(3, 20)).toBeCloseTo(0.001, 5)
    expect(ofOne(4, 20)).toBeCloseTo(0.999, 5)
    expect(ofOne(3, 3)).toBe(0)
  })

  it('know how long a class took until a step ago, and that it came', () => {
    expect(ofOne(7, 32)).toBeCloseTo((20 * 0.001 + 0.999) / 12, 4)
    expect(ofOne(7, 59)).toBe(1.5)
    expect(ofOne(9, 15)).toBeCloseTo(0.001, 5)
    expect(ofOne(9, 59)).toBeCloseTo(0.999, 5)
  })

  it('know the same of what still comes', () => {
    expect(ofOne(8, 27)).toBeCloseTo((20 * 0.001 + 0.999) / 12, 4)
    expect(ofOne(10, 0)).toBeCloseTo(0.999, 5)
    expect(ofOne(10, 59)).toBe(0)
  })

  it('end with the place in the recording', () => {
    expect([...features.subarray(width - 5, width)]).toEqual([1, 0, 0, 1, expect.closeTo(Math.exp(-59 / 12), 6)])
  })
})
