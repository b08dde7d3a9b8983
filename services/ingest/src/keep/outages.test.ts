import { expect, test } from 'vitest'
import { addOutage, explainHole, outagesAfter } from './outages.ts'

const hole = { startUtcMs: 1000, endUtcMs: 9000 }
const spoken = (links: ReturnType<typeof explainHole>) =>
  links.map(link => [link.startUtcMs, link.endUtcMs, link.reason])

test('a hole has the one reason that was seen, however early that was noticed', () => {
  expect(spoken(explainHole('c', hole, [{ reason: 'refused', untilMs: 3000 }]))).toEqual([[1000, 9000, 'refused']])
})

test('a hole with a history is split where one reason gave way to the next', () => {
  const outages = [
    { reason: 'ingest-down', untilMs: 4000 },
    { reason: 'unreachable', untilMs: 6000 },
  ] as const
  expect(spoken(explainHole('c', hole, outages))).toEqual([
    [1000, 4000, 'ingest-down'],
    [4000, 9000, 'unreachable'],
  ])
})

test('outages outside the hole explain nothing of it', () => {
  const outages = [
    { reason: 'stalled', untilMs: 500 },
    { reason: 'disabled', untilMs: 20_000 },
    { reason: 'refused', untilMs: 30_000 },
  ] as const
  expect(spoken(explainHole('c', hole, outages))).toEqual([[1000, 9000, 'disabled']])
})

test('a hole that nobody saw begin is a disconnection', () => {
  expect(spoken(explainHole('c', hole, []))).toEqual([[1000, 9000, 'disconnected']])
})

test('no hole needs no explanation', () => {
  expect(explainHole('c', { startUtcMs: 1000, endUtcMs: 1000 }, [])).toEqual([])
})

test('an outage that goes on replaces its beginning; another one is added', () => {
  const refused = addOutage([], { reason: 'refused', untilMs: 1 })
  expect(addOutage(refused, { reason: 'refused', untilMs: 2 })).toEqual([{ reason: 'refused', untilMs: 2 }])
  expect(addOutage(refused, { reason: 'stalled', untilMs: 2 })).toHaveLength(2)
})

test('what is written off is forgotten, but the last reason holds on', () => {
  const outages = [
    { reason: 'stalled', untilMs: 1 },
    { reason: 'refused', untilMs: 2 },
  ] as const
  expect(outagesAfter(outages, 5)).toEqual([{ reason: 'refused', untilMs: 2 }])
  expect(outagesAfter(outages, 1)).toEqual([{ reason: 'refused', untilMs: 2 }])
  expect(outagesAfter(outages, 0)).toEqual(outages)
})
