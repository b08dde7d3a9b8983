import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkClock } from './check-clock.ts'

const limits = { skewMs: 60_000, lateMs: 7 * 86_400_000 }
const now = new Date('2026-11-24T08:00:00.000Z')
const before = (ms: number) => new Date(now.getTime() - ms)
const told = { source: 'mes', eventId: 'E1', time: before(1000) }

test('the skew is our clock less that of the source, and unknown where it does not say', () => {
  expect(checkClock({ ...told, sentTime: before(250) }, now, limits)).toBe(250)
  expect(checkClock(told, now, limits)).toBeNull()
})

test('whatever is within the bounds is taken, and whatever is outside is refused by name', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -200_000, max: 200_000 }),
      fc.integer({ min: -200_000, max: 8 * 86_400_000 }),
      (skewMs, agoMs) => {
        const check = () => checkClock({ ...told, time: before(agoMs), sentTime: before(skewMs) }, now, limits)
        if (Math.abs(skewMs) > limits.skewMs) expect(check).toThrow(/clock of "mes" .* off/)
        else if (agoMs < -limits.skewMs) expect(check).toThrow(/E1.*lies ahead/)
        else if (agoMs > limits.lateMs) expect(check).toThrow(/E1.*too late/)
        else expect(check()).toBe(skewMs)
      },
    ),
  )
})
