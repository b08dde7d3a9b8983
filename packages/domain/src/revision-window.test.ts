import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { anyPath, content } from '../test/interval-paths.ts'
import { widenWindow } from './revision-window.ts'

const opensCycle = (step: string): boolean => step === 'a'
const available = { startUtcMs: 0, endUtcMs: 100_000 }
const starting = (...starts: readonly number[]) => starts.map(ms => content('a', ms, ms + 500))

describe('a window to revise', () => {
  it('grows to the nearest cycle starts on which both paths coincide', () => {
    const widened = widenWindow({
      window: { startUtcMs: 5000, endUtcMs: 6000 },
      available,
      current: starting(1000, 3000, 4000, 7000, 9000, 11_000),
      redecoded: starting(1000, 3000, 4250, 7250, 9000, 11_000),
      opensCycle,
    })
    expect(widened).toEqual({ startUtcMs: 3000, endUtcMs: 9000, startSettled: true, endSettled: true })
  })

  it('is not settled where the paths do not coincide in what was re-decoded', () => {
    const window = { startUtcMs: 5000, endUtcMs: 6000 }
    expect(
      widenWindow({ window, available, current: starting(4000, 7000), redecoded: starting(7000), opensCycle }),
    ).toEqual({
      startUtcMs: 0,
      endUtcMs: 7000,
      startSettled: false,
      endSettled: true,
    })
  })

  test('contains the one asked for, ends on common cycle starts, and stays as it is when widened again', () => {
    const bounds = fc
      .tuple(fc.nat(50_000), fc.nat(50_000))
      .map(([a, b]) => ({ startUtcMs: Math.min(a, b), endUtcMs: Math.max(a, b) }))
    fc.assert(
      fc.property(anyPath, anyPath, bounds, (current, other, window) => {
        const redecoded = [...other, ...current.slice(current.length >> 1)]
        const request = { available, current, redecoded, opensCycle }
        const widened = widenWindow({ ...request, window })
        expect(widened.startUtcMs).toBeLessThanOrEqual(window.startUtcMs)
        expect(widened.endUtcMs).toBeGreaterThanOrEqual(window.endUtcMs)
        const starts = (path: typeof current, ms: number): boolean =>
          path.some(i => i.step === 'a' && i.startUtcMs === ms)
        if (widened.startSettled)
          expect(starts(current, widened.startUtcMs) && starts(redecoded, widened.startUtcMs)).toBe(true)
        if (widened.endSettled)
          expect(starts(current, widened.endUtcMs) && starts(redecoded, widened.endUtcMs)).toBe(true)
        expect(widenWindow({ ...request, window: widened })).toEqual(widened)
      }),
    )
  })
})
