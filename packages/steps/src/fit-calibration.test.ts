import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test/synthetic.ts'
import { calibratedBorderSd, calibratedDurationSd, NINETY_PERCENT, UNCALIBRATED } from './border-calibration.ts'
import { fitCalibration } from './fit-calibration.ts'
import type { HeldOutInterval } from './held-out-interval.ts'

/** Intervals whose posteriors differ in width and claim `claim` times the true deviation; borders share `shared` of it. */
function intervals(count: number, seed: number, { claim = 1, shared = 0 } = {}): readonly HeldOutInterval[] {
  const { uniform, normal } = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const sd = 0.1 + uniform()
    const common = normal()
    const error = () => sd * (Math.sqrt(shared) * common + Math.sqrt(1 - shared) * normal())
    return {
      startErrorSeconds: error(),
      endErrorSeconds: error(),
      startSdSeconds: claim * sd,
      endSdSeconds: claim * sd,
    }
  })
}

const share = (hits: readonly boolean[]) => hits.filter(Boolean).length / hits.length

describe('a calibration', () => {
  it.each([0.25, 1, 4])(
    'covers nine tenths of new borders and durations where posteriors claim %f of the truth',
    claim => {
      const calibration = fitCalibration(intervals(200, 1, { claim, shared: 0.6 }))
      const borders: boolean[] = []
      const durations: boolean[] = []
      for (const each of intervals(2000, 2, { claim, shared: 0.6 })) {
        const [start, end] = [each.startSdSeconds, each.endSdSeconds].map(sd => calibratedBorderSd(calibration, sd))
        borders.push(Math.abs(each.startErrorSeconds) <= NINETY_PERCENT * start!)
        const error = Math.abs(each.endErrorSeconds - each.startErrorSeconds)
        durations.push(error <= NINETY_PERCENT * calibratedDurationSd(calibration, start!, end!))
      }
      expect(share(borders)).toBeGreaterThan(0.87)
      expect(share(borders)).toBeLessThan(0.95)
      expect(share(durations)).toBeGreaterThan(0.85)
      expect(share(durations)).toBeLessThan(0.95)
    },
  )

  it('leaves the posterior as it is where next to nothing is held out', () => {
    expect(fitCalibration([])).toEqual(UNCALIBRATED)
    expect(fitCalibration(intervals(4, 1, { claim: 5 }))).toEqual(UNCALIBRATED)
  })
})
