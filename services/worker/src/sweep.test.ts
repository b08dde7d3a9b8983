import { adaptationsToRun, type Database, headsToFit, openSegments } from '@takt/db'
import { discoveriesToRun } from '@takt/db/discoveries'
import type { Job } from '@takt/jobs'
import { beforeEach, expect, test, vi } from 'vitest'
import { sweep } from './sweep.ts'

vi.mock(import('@takt/db'), async original => ({
  ...(await original()),
  openSegments: vi.fn(),
  headsToFit: vi.fn(),
  adaptationsToRun: vi.fn(),
}))
vi.mock(import('@takt/db/discoveries'), async original => ({ ...(await original()), discoveriesToRun: vi.fn() }))

const db = {} as Database
const nowMs = Date.UTC(2026, 10, 24)
const age = { nowMs, afterMs: 10_000 }
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`
const nothing = { embed: 0, fit: 0, adapt: 0, discover: 0 }

let added: (readonly Job[])[] = []
const jobs = { addBulk: async (many: readonly Job[]) => void added.push(many) }
beforeEach(() => {
  added = []
  for (const find of [openSegments, headsToFit, adaptationsToRun, discoveriesToRun])
    vi.mocked(find).mockResolvedValue([])
})

test('open segments go back on the queue of their age: what just happened is live, the rest and what is embedded anew give way to it', async () => {
  vi.mocked(openSegments).mockResolvedValue([
    { segment: id(1), endsAt: new Date(nowMs - 60_000), embeddedBefore: false },
    { segment: id(2), endsAt: new Date(nowMs - 59_999), embeddedBefore: false },
    { segment: id(3), endsAt: new Date(nowMs), embeddedBefore: true },
  ])
  expect(await sweep(db, jobs, age)).toEqual({ ...nothing, embed: 3 })
  expect(added).toEqual([
    [
      { kind: 'embed-backfill', args: { segmentId: id(1) } },
      { kind: 'embed-live', args: { segmentId: id(2) } },
      { kind: 'embed-backfill', args: { segmentId: id(3) } },
    ],
  ])
})

test('heads that wait to be fitted, adaptations that nobody trains and discoveries that nobody makes go back, too', async () => {
  vi.mocked(headsToFit).mockResolvedValue([id(7)])
  vi.mocked(adaptationsToRun).mockResolvedValue([id(8)])
  vi.mocked(discoveriesToRun).mockResolvedValue([id(9)])
  expect(await sweep(db, jobs, age)).toEqual({ embed: 0, fit: 1, adapt: 1, discover: 1 })
  expect(added).toEqual([
    [{ kind: 'train', args: { kind: 'fit', headId: id(7) } }],
    [{ kind: 'adapt', args: { adaptationId: id(8) } }],
    [{ kind: 'discover', args: { discoveryId: id(9) } }],
  ])
})

test('what is younger is left alone, and where nothing waits, nothing is added', async () => {
  expect(await sweep(db, jobs, age)).toEqual(nothing)
  for (const find of [openSegments, headsToFit, adaptationsToRun, discoveriesToRun])
    expect(find).toHaveBeenCalledWith(db, expect.objectContaining({ olderThan: new Date(nowMs - 10_000) }))
  expect(added).toEqual([])
})
