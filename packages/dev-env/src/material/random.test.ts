import { assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from './random.ts'

test('equal seeds give equal numbers', () => {
  assert(
    property(integer(), seed => {
      const [a, b] = [seededRandom(seed), seededRandom(seed)]
      for (let n = 0; n < 20; n++) expect(a.next()).toBe(b.next())
    }),
  )
})

test('numbers are spread evenly over [0, 1), also for neighbouring seeds', () => {
  for (const seed of [0, 1, 2, 3]) {
    const random = seededRandom(seed)
    const tenths = new Array<number>(10).fill(0)
    for (let n = 0; n < 10_000; n++) tenths[Math.floor(random.next() * 10)]!++
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  }
})
