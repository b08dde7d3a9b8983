import { describe, expect, it } from 'vitest'
import { errorMs, lan, placeSession, stretchMs, worstErrorMs } from '../test/simulated-camera.ts'

describe('closing times alone', () => {
  it.each([1, 2, 3])('place a session within its least delay and some tens of ms (seed %i)', seed => {
    const placed = placeSession({ segments: 300, delayMs: lan(seed) })
    expect(worstErrorMs(placed.slice(20))).toBeLessThan(60 + 40)
    expect(placed.every(p => p.placement.source === 'host' && p.placement.absoluteErrorMs >= 250)).toBe(true)
  })

  it.each([-9, -1, 1, 9])('follow a camera that drifts by %i s a day to some tens of ms', perDay => {
    const placed = placeSession({ segments: 3000, rate: 1 + perDay / 86_400, delayMs: lan(7) })
    expect(worstErrorMs(placed.slice(100))).toBeLessThan(60 + 40)
    expect(placed.some(p => p.diagnosis.clockUntrusted)).toBe(false)
  })

  it.each([-1000, -300, 1000])('follow a step of the host clock by %i ms without a step of their own', step => {
    const placed = placeSession({ segments: 300, delayMs: lan(3), hostErrorMs: n => (n < 200 ? 0 : step) })
    for (const p of placed.slice(220)) expect(Math.abs(errorMs(p) - step)).toBeLessThan(60 + 60)
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(placed.some(p => p.diagnosis.clockUntrusted)).toBe(false)
  })
})
