import { describe, expect, it } from 'vitest'
import { segmentalF1 } from './segmental-f1.ts'

const labels = (text: string) => Int16Array.from(text, digit => Number(digit))

describe('segmentalF1', () => {
  it('counts a prediction whose IoU reaches the bar, the bar included', () => {
    // truth [0, 4), predicted [2, 4): IoU ½.
    const half = [{ truth: labels('11110000'), predicted: labels('00110000') }]
    expect(segmentalF1(half, 0.5, [0])).toBe(100)
    expect(segmentalF1(half, 0.51, [0])).toBe(0)
  })

  it('lets one truth be taken once: the second half of a split step is a false positive', () => {
    // truth [0, 8), predicted [0, 5) and [6, 8): one hit of IoU 5/8, one false positive: F1 = 2·1/(1 + 2).
    const split = [{ truth: labels('11111111'), predicted: labels('11111011') }]
    expect(segmentalF1(split, 0.1, [0])).toBeCloseTo(200 / 3, 10)
  })

  it('pools true and false positives over all sequences', () => {
    const right = { truth: labels('123'), predicted: labels('123') }
    const wrong = { truth: labels('1'), predicted: labels('2') }
    // 3 hits, 4 predicted, 4 true.
    expect(segmentalF1([right, wrong], 0.5, [0])).toBe(75)
  })

  it('needs the same step', () => {
    expect(segmentalF1([{ truth: labels('1111'), predicted: labels('2222') }], 0.1, [0])).toBe(0)
  })

  it('is null where there is no segment at all', () => {
    expect(segmentalF1([{ truth: labels('00'), predicted: labels('00') }], 0.5, [0])).toBeNull()
  })
})
