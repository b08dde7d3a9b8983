import { describe, expect, it } from 'vitest'
import { errorMs, lan, noise, placeSession, segment, stretchMs, worstErrorMs } from '../test/simulated-camera.ts'
import { openClock } from './clock.ts'
import { placeSegment } from './place-segment.ts'

describe('sender reports', () => {
  it('replace closing times once they are locked, and halve no segment doing so', () => {
    const placed = placeSession({ segments: 30, delayMs: lan(1), cameraErrorMs: n => (n < 3 ? null : 0) })
    expect(placed.slice(0, 4).every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.slice(5).every(p => p.placement.source === 'sender-report')).toBe(true)
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(worstErrorMs(placed.slice(10))).toBeLessThanOrEqual(1)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeLessThanOrEqual(41)
  })

  it.each([-9, 9])('follow a drift of %i s a day to a few ms', perDay => {
    const placed = placeSession({ segments: 2000, rate: 1 + perDay / 86_400, delayMs: lan(2), cameraErrorMs: () => 0 })
    expect(worstErrorMs(placed.slice(20))).toBeLessThan(5)
  })

  it('are refused while the camera clock runs ahead of arrival, which is shown', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(4), cameraErrorMs: () => 3000 })
    expect(placed.slice(10).every(p => p.placement.source === 'host' && p.diagnosis.cameraClockAhead)).toBe(true)
    expect(worstErrorMs(placed.slice(20))).toBeLessThan(60 + 40)
  })

  it('are refused while the camera clock is more than two seconds behind', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(4), cameraErrorMs: () => -2500 })
    expect(placed.every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.at(-1)!.diagnosis.senderReportOffsetMs).toBeLessThan(placed.at(-1)!.diagnosis.hostOffsetMs - 2000)
  })

  it('are left when the camera clock steps, taken up again when they agree, and trusted less from then on', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(5), cameraErrorMs: n => (n < 30 ? 0 : -400) })
    expect(placed[30]!.placement.source).toBe('host')
    expect(placed.at(-1)!.placement.source).toBe('sender-report')
    expect(placed.every(p => Math.abs(stretchMs(p)) <= 201)).toBe(true)
    expect(placed[29]!.placement.absoluteErrorMs).toBeLessThan(50)
    expect(placed.at(-1)!.placement.absoluteErrorMs).toBeGreaterThanOrEqual(250)
  })

  it('are no longer followed when none has come for a minute', () => {
    const placed = placeSession({ segments: 60, delayMs: lan(1), cameraErrorMs: n => (n < 20 ? 0 : null) })
    expect(placed[30]!.placement.source).toBe('sender-report')
    expect(placed.slice(36).every(p => p.placement.source === 'host')).toBe(true)
  })

  it('that no clock could have written are passed over', () => {
    const written = [Number.NaN, Infinity, -1e15].flatMap(utcMs =>
      [1, 2, 3, Infinity].map(mediaSeconds => ({ mediaSeconds, utcMs })),
    )
    const first = placeSegment(openClock('s'), segment({ closedAtMs: 4000, senderReports: written }), null)
    expect(first.placement).toMatchObject({ startUtcMs: 0, endUtcMs: 4000, source: 'host' })
    const pairs = [5, 6, 7, 8].map(mediaSeconds => ({ mediaSeconds, utcMs: mediaSeconds * 1000 - 100 }))
    const facts = segment({ sequence: 1, mediaStartTicks: 4n, closedAtMs: 8000, senderReports: pairs })
    expect(placeSegment(first.clock, facts, 4000).placement).toMatchObject({ endUtcMs: 7900, source: 'sender-report' })
  })

  it('do not lock on write times, which come a group of pictures late, in place of the first report', () => {
    const at = noise(9)
    const placed = placeSession({
      segments: 40,
      delayMs: n => 50 + 5 * at(n),
      cameraErrorMs: n => (n < 10 ? 2000 + at(n) : 0),
    })
    expect(placed.slice(0, 10).every(p => p.placement.source === 'host')).toBe(true)
    expect(placed.at(-1)!.placement.source).toBe('sender-report')
    expect(Math.abs(errorMs(placed.at(-1)!))).toBeLessThanOrEqual(1)
  })
})
