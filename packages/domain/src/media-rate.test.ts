import { describe, expect, it } from 'vitest'
import { lan, noise, placeSession, worstErrorMs } from '../test/simulated-camera.ts'

describe('a media clock that lies', () => {
  it.each([0.84, 1.19, 0.5, 1.02])('at a rate of %f is found within 20 segments and followed by arrival', rate => {
    const placed = placeSession({ segments: 200, rate, delayMs: n => 60 + 100 * noise(6)(n) })
    const found = placed.findIndex(p => p.diagnosis.clockUntrusted)
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(20)
    expect(placed.slice(found).every(p => p.placement.source === 'untrusted')).toBe(true)
    expect(worstErrorMs(placed.slice(40))).toBeLessThan(200)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeGreaterThanOrEqual(500)
  })

  it('of 0.84 is found within eight segments', () => {
    const placed = placeSession({ segments: 8, rate: 0.84, delayMs: lan(1) })
    expect(placed.at(-1)!.diagnosis.clockUntrusted).toBe(true)
  })

  it('is not suspected for jitter and stalls of a slow network', () => {
    for (let seed = 0; seed < 20; seed++) {
      const at = noise(seed)
      const placed = placeSession({ segments: 400, delayMs: n => 100 + 400 * at(n) + (at(n + 5000) < 0.02 ? 8000 : 0) })
      expect(placed.filter(p => p.diagnosis.clockUntrusted).length).toBe(0)
    }
  })
})
