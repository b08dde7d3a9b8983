import { lossReasons, unaccounted } from '@takt/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planLost, planObserved, planSpoilt } from './plan-coverage.ts'

const outages = fc
  .array(
    fc.record({ reason: fc.constantFrom(...lossReasons), untilMs: fc.double({ min: 0, max: 10_000, noNaN: true }) }),
    { maxLength: 5 },
  )
  .map(list => list.toSorted((a, b) => a.untilMs - b.untilMs))
const question = fc.record({
  coveredUntilMs: fc.integer({ min: 0, max: 5000 }),
  gapMs: fc.nat({ max: 5000 }),
  durationMs: fc.integer({ min: 1, max: 5000 }),
  outages,
})

test('whatever the outages, the planned links go on from the chain without a seam and end with the segment', () => {
  fc.assert(
    fc.property(question, fc.boolean(), ({ coveredUntilMs, gapMs, durationMs, outages }, spoilt) => {
      const startUtcMs = coveredUntilMs + gapMs
      const placement = { startUtcMs, endUtcMs: startUtcMs + durationMs }
      const asked = { camera: 'c', coveredUntilMs, placement, outages }
      const links = spoilt ? planSpoilt(asked, 'bad-segment') : planObserved(asked)
      expect(links[0]!.startUtcMs).toBe(coveredUntilMs)
      expect(links.slice(1).map(link => link.startUtcMs)).toEqual(links.slice(0, -1).map(link => link.endUtcMs))
      expect(links.every(link => link.endUtcMs > link.startUtcMs)).toBe(true)
      expect(links.at(-1)).toMatchObject({ ...placement, state: spoilt ? 'lost' : 'observed' })
      expect(unaccounted(links, { startUtcMs: coveredUntilMs, endUtcMs: placement.endUtcMs })).toEqual([])
    }),
  )
})

test('the first segment of a camera starts the chain: nothing before it is lost', () => {
  const placement = { startUtcMs: 5000, endUtcMs: 9000 }
  expect(
    planObserved({ camera: 'c', coveredUntilMs: null, placement, outages: [{ reason: 'refused', untilMs: 4000 }] }),
  ).toEqual([{ camera: 'c', ...placement, state: 'observed', reason: null }])
})

test('writing off reaches to whole milliseconds, and never behind the chain', () => {
  const asked = { camera: 'c', outages: [], coveredUntilMs: 1000 }
  expect(planLost({ ...asked, untilMs: 2000.7 })).toMatchObject([
    { startUtcMs: 1000, endUtcMs: 2000, reason: 'disconnected' },
  ])
  expect(planLost({ ...asked, untilMs: 1000.7 })).toEqual([])
  expect(planLost({ ...asked, untilMs: 500 })).toEqual([])
})

test('a camera that never showed anything has lost nothing', () => {
  expect(planLost({ camera: 'c', outages: [], coveredUntilMs: null, untilMs: 9000 })).toEqual([])
})
