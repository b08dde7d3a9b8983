import { expect, test } from 'vitest'
import { isSuperseded } from './is-superseded.ts'

/** A segment of 4 s that ended at 100 s and closed just now; the chain was moved by another. */
const question = {
  coveredUntilMs: 98_500,
  sessionEndMs: 96_000,
  placement: { startUtcMs: 98_500, endUtcMs: 102_300 },
  diagnosis: { residualMs: -2300 },
  nowMs: 100_100,
}

test('a segment most of whose time another has accounted for is superseded', () => {
  expect(isSuperseded(question)).toBe(true)
})

test('one that the other chain only touches is kept, a little later than it was', () => {
  expect(isSuperseded({ ...question, diagnosis: { residualMs: -1500 } })).toBe(false)
})

test('the end that the session itself gave the chain supersedes nothing, however far the clocks are apart', () => {
  expect(isSuperseded({ ...question, coveredUntilMs: 96_000, diagnosis: { residualMs: -60_000 } })).toBe(false)
})

test('a chain that ends in the future was written before the clock was set back, and the segment goes on from there', () => {
  expect(isSuperseded({ ...question, coveredUntilMs: 3_700_000, diagnosis: { residualMs: -3_600_000 } })).toBe(false)
})

test('a spool that comes back after another ingest stood in for it is superseded, however long ago', () => {
  expect(isSuperseded({ ...question, nowMs: 9e9, coveredUntilMs: 9e9, diagnosis: { residualMs: -8.9e9 } })).toBe(true)
})

test('nothing supersedes the first segment of a camera', () => {
  expect(isSuperseded({ ...question, coveredUntilMs: null })).toBe(false)
})
