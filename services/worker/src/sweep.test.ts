import { adaptationsToRun, type Database, headsToFit, openSegments } from '@takt/db'
import type { Job } from '@takt/jobs'
import { beforeEach, expect, test, vi } from 'vitest'
import { sweepAdaptations } from './adapt/sweep-adaptations.ts'
import { sweepOpenSlots } from './embed/sweep-open-slots.ts'
import { sweepHeads } from './fit/sweep-heads.ts'

vi.mock(import('@takt/db'), async original => ({
  ...(await original()),
  openSegments: vi.fn(),
  headsToFit: vi.fn(),
  adaptationsToRun: vi.fn(),
}))

const db = {} as Database
const nowMs = Date.UTC(2026, 10, 24)
const age = { nowMs, afterMs: 10_000 }
const segment = (n: number) => `00000000-0000-7000-8000-00000000000${n}`

let added: (readonly Job[])[] = []
const jobs = { addBulk: async (many: readonly Job[]) => void added.push(many) }
beforeEach(() => {
  added = []
})

test('open segments go back on the queue of their age: what just happened is live, the rest and what is embedded anew give way to it', async () => {
  vi.mocked(openSegments).mockResolvedValue([
    { segment: segment(1), endsAt: new Date(nowMs - 60_000), embeddedBefore: false },
    { segment: segment(2), endsAt: new Date(nowMs - 59_999), embeddedBefore: false },
    { segment: segment(3), endsAt: new Date(nowMs), embeddedBefore: true },
  ])
  expect(await sweepOpenSlots(db, jobs, age)).toBe(3)
  expect(added).toEqual([
    [
      { kind: 'embed-backfill', args: { segmentId: segment(1) } },
      { kind: 'embed-live', args: { segmentId: segment(2) } },
      { kind: 'embed-backfill', args: { segmentId: segment(3) } },
    ],
  ])
  expect(openSegments).toHaveBeenCalledWith(db, expect.objectContaining({ olderThan: new Date(nowMs - 10_000) }))
})

test('heads that wait to be fitted go back on the queue', async () => {
  vi.mocked(headsToFit).mockResolvedValue([segment(7)])
  expect(await sweepHeads(db, jobs, age)).toBe(1)
  expect(added).toEqual([[{ kind: 'train', args: { kind: 'fit', headId: segment(7) } }]])
  expect(headsToFit).toHaveBeenCalledWith(db, expect.objectContaining({ olderThan: new Date(nowMs - 10_000) }))
})

test('adaptations that nobody trains go back on the queue', async () => {
  vi.mocked(adaptationsToRun).mockResolvedValue([segment(8)])
  expect(await sweepAdaptations(db, jobs, age)).toBe(1)
  expect(added).toEqual([[{ kind: 'adapt', args: { adaptationId: segment(8) } }]])
  expect(adaptationsToRun).toHaveBeenCalledWith(db, expect.objectContaining({ olderThan: new Date(nowMs - 10_000) }))
})

test('where nothing is open, nothing is added', async () => {
  vi.mocked(openSegments).mockResolvedValue([])
  vi.mocked(headsToFit).mockResolvedValue([])
  vi.mocked(adaptationsToRun).mockResolvedValue([])
  expect(await sweepAdaptations(db, jobs, age)).toBe(0)
  expect(await sweepOpenSlots(db, jobs, age)).toBe(0)
  expect(await sweepHeads(db, jobs, age)).toBe(0)
  expect(added).toEqual([])
})
