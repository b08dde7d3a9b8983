import type { CycleRow, IntervalRow, Publication, PublishedStretch } from '@takt/db'
import { type DecodedInterval, type Range, taskTimes } from '@takt/domain'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { atSlot, cursor, interval, origin, release, released, run, spanOf } from '../../test/recorder/bench-station.ts'
import { planCommit } from './plan-commit.ts'
import { planRevision } from './plan-revision.ts'

const path = (...finals: DecodedInterval[]) => finals.map((final, ordinal) => ({ ...final, ordinal }))

/** What the recorder publishes of a path. */
function publish(finals: readonly DecodedInterval[], gaps: readonly Range[] = []): PublishedStretch {
  const { intervals, cycles } = planCommit({
    cursor,
    released,
    newest: null,
    batch: {
      from: origin,
      decodedThrough: origin + 1000,
      nextOrdinal: finals.length,
      checkpoint: new Uint8Array(),
      completeThrough: origin + 1000,
      finals,
      provisionals: [],
      late: [],
      gaps,
    },
  })
  return { intervals, cycles }
}

/** What is published once a revision is in. */
function apply(published: PublishedStretch, publications: readonly Publication[]): PublishedStretch {
  const intervals = new Map(published.intervals.map(row => [row.id, row]))
  const cycles = new Map(published.cycles.map(row => [row.id, row]))
  for (const publication of publications) {
    const rows: Map<string, IntervalRow | CycleRow> = publication.entity === 'interval' ? intervals : cycles
    if (publication.kind === 'tombstone') rows.delete(publication.row.id)
    else rows.set(publication.row.id, publication.row)
  }
  const inOrder = <Row extends { startsAt: number }>(rows: Iterable<Row>) =>
    [...rows].sort((a, b) => a.startsAt - b.startsAt)
  return { intervals: inOrder(intervals.values()), cycles: inOrder(cycles.values()) }
}

let made = 0

const revise = (
  published: PublishedStretch,
  redecoded: readonly DecodedInterval[],
  { window = { startUtcMs: atSlot(0), endUtcMs: atSlot(1000) }, gaps = [] as readonly Range[] } = {},
) => {
  return planRevision({
    published,
    redecoded,
    removals: [],
    gaps,
    window,
    run: { run, release, fromMs: atSlot(0), toMs: atSlot(1000) },
    released,
    reason: 'healed',
    newId: () => `new ${++made}`,
  })
}

const kinds = (publications: readonly Publication[]) =>
  publications.map(({ entity, kind, row }) => `${entity} ${kind} ${row.revision}`)

const cyclesOf = ({ cycles }: PublishedStretch) =>
  cycles.map(row => `${(row.startsAt - atSlot(0)) / 250}–${(row.endsAt - atSlot(0)) / 250} ${row.censored}`)

const whole = path(
  interval('pick', 0, 10),
  interval('screw', 10, 20),
  interval('pick', 20, 30),
  interval('screw', 30, 40),
  interval('pick', 40, 50),
)

/** The same with 12 to 18 missing: a screw in two halves. */
const gap = [{ startUtcMs: atSlot(12), endUtcMs: atSlot(18) }]
const holed = path(
  interval('pick', 0, 10),
  interval('screw', 10, 12, { censored: 'end' }),
  interval('screw', 18, 20, { censored: 'start' }),
  interval('pick', 20, 30),
  interval('screw', 30, 40),
  interval('pick', 40, 50),
)

test('the same path again changes nothing', () => {
  expect(revise(publish(whole), whole)).toEqual([])
  expect(revise(publish(holed, gap), holed, { gaps: gap })).toEqual([])
})

describe('a gap that heals', () => {
  const published = publish(holed, gap)
  const publications = revise(published, whole)
  const healed = apply(published, publications)

  it('gives back the interval that it cut, removes its halves, and leaves all else alone', () => {
    expect(healed.intervals.map(spanOf)).toEqual(publish(whole).intervals.map(spanOf))
    const before = new Set(published.intervals.map(row => row.id))
    expect(healed.intervals.filter(row => !before.has(row.id)).map(spanOf)).toEqual(['screw 10–20'])
    expect(publications.every(({ reason }) => reason === 'healed')).toBe(true)
  })

  it('gives its cycle a duration, as the next revision of the same cycle', () => {
    expect(cyclesOf(published)).toEqual(['0–20 both', '20–40 none'])
    expect(cyclesOf(healed)).toEqual(['0–20 none', '20–40 none'])
    expect(healed.cycles[0]).toMatchObject({ id: published.cycles[0]!.id, revision: 2, durationMs: 5000 })
    expect(healed.cycles[1]).toBe(published.cycles[1])
  })

  it('puts the new interval into the cycle', () => {
    expect(healed.intervals[1]!.cycleId).toBe(published.cycles[0]!.id)
  })

  it('is done once: planned again on what it left, it changes nothing', () => {
    expect(revise(healed, whole)).toEqual([])
  })

  it('removes with a tombstone of the next revision', () => {
    expect(kinds(publications).toSorted()).toEqual([
      'cycle revised 2',
      'interval final 1',
      'interval tombstone 2',
      'interval tombstone 2',
    ])
  })
})

describe('a first step that was not there', () => {
  const merged = path(interval('pick', 0, 10), interval('screw', 10, 40), interval('pick', 40, 50))

  it('joins two cycles: one is revised, the other removed, and no interval points to a removed one', () => {
    const published = publish(whole)
    const after = apply(published, revise(published, merged))
    expect(cyclesOf(after)).toEqual(['0–40 none'])
    const standing = new Set(after.cycles.map(row => row.id))
    for (const row of after.intervals.slice(0, 2)) expect(standing.has(row.cycleId!)).toBe(true)
  })

  it('that is there after all splits them again', () => {
    const published = publish(merged)
    const after = apply(published, revise(published, whole))
    expect(cyclesOf(after)).toEqual(['0–20 none', '20–40 none'])
    expect(revise(after, whole)).toEqual([])
  })
})

describe('only the window changes', () => {
  const window = { startUtcMs: atSlot(20), endUtcMs: atSlot(40) }
  const other = path(
    interval('pick', 0, 9),
    interval('screw', 9, 20),
    interval('pick', 20, 33),
    interval('screw', 33, 40),
    interval('pick', 40, 47),
  )

  it('whatever the new path says outside of it', () => {
    const published = publish(whole)
    const publications = revise(published, other, { window })
    expect(kinds(publications)).toEqual(['interval revised 2', 'interval revised 2'])
    expect(apply(published, publications).intervals.map(spanOf)).toEqual([
      'pick 0–10',
      'screw 10–20',
      'pick 20–33',
      'screw 33–40',
      'pick 40–50',
    ])
  })

  it('and a cycle that began before what was read, or ends behind what is known, stands', () => {
    const published = publish(whole)
    const partly: PublishedStretch = {
      intervals: published.intervals.filter(row => row.startsAt >= atSlot(10) && row.startsAt < atSlot(40)),
      cycles: published.cycles,
    }
    const redecoded = whole.filter(({ startUtcMs }) => startUtcMs >= atSlot(10) && startUtcMs < atSlot(40))
    expect(revise(partly, redecoded, { window: { startUtcMs: atSlot(10), endUtcMs: atSlot(40) } })).toEqual([])
  })
})

test('a step that is found to lie before the cycle that had it leaves that cycle', () => {
  const shared = [interval('pick', 600, 610)]
  const published = publish(path(interval('pick', 0, 4), interval('screw', 4, 8), ...shared))
  const found = path(interval('screw', 0, 8), interval('pick', 8, 12), ...shared)
  const { intervals, cycles } = apply(published, revise(published, found))
  expect(cycles).toMatchObject([{ startsAt: atSlot(8), missing: ['screw'] }])
  expect(intervals.slice(0, 2).map(({ cycleId }) => cycleId)).toEqual([null, cycles[0]!.id])
})

test('what is created at a slot where something once was has an ordinal of its own', () => {
  const published = publish(path(interval('pick', 0, 10)))
  const first = apply(published, revise(published, path(interval('pick', 0, 10), interval('screw', 20, 40))))
  // The screw turns out to start later, and a pick where it was thought to start.
  const second = apply(
    first,
    revise(first, path(interval('pick', 0, 10), interval('pick', 20, 25), interval('screw', 25, 40))),
  )
  const created = second.intervals.filter(row => row.ordinal < 0)
  expect(created.map(spanOf)).toEqual(['pick 20–25', 'screw 25–40'])
  expect(created.map(row => row.anchorAt)).toEqual([atSlot(20), atSlot(20)])
  expect(new Set(created.map(row => row.ordinal)).size).toBe(2)
})

test('what a person decided stands', () => {
  const published = publish(whole)
  const [first, ...rest] = published.intervals
  const corrected: PublishedStretch = {
    ...published,
    intervals: [{ ...first!, endsAt: atSlot(8), author: 'person' }, ...rest],
  }
  const after = apply(corrected, revise(corrected, whole))
  expect(after.intervals[0]).toMatchObject({ author: 'person', endsAt: atSlot(8), revision: 1 })
})

/** Work in any order with pauses and missing video: `[step, pause, length, whether video is missing in the pause]`. */
const anyWork = fc.array(
  fc.tuple(
    fc.constantFrom('pick' as const, 'screw' as const),
    fc.nat(6),
    fc.integer({ min: 1, max: 12 }),
    fc.boolean(),
  ),
  { maxLength: 25 },
)

function laid(work: readonly (readonly ['pick' | 'screw', number, number, boolean])[]) {
  let at = 0
  const gaps: Range[] = []
  const found = work.map(([step, pause, length, isTorn]) => {
    const from = at + pause
    if (isTorn && pause > 1) gaps.push({ startUtcMs: atSlot(at), endUtcMs: atSlot(from) })
    at = from + length
    return interval(step, from, at, { censored: isTorn && pause > 1 ? 'start' : 'none' })
  })
  // Both paths of a window end on cycle starts that they share.
  const shared = [interval('pick', 600, 610), interval('pick', 620, 630)]
  return { finals: path(...found, ...shared), gaps }
}

test('the time of a cycle is work, idle and unseen time to the millisecond, and its work that of its tasks, also once revised', () => {
  fc.assert(
    fc.property(anyWork, anyWork, (first, second) => {
      const [old, next] = [laid(first), laid(second)]
      const published = publish(old.finals, old.gaps)
      const revised = apply(published, revise(published, next.finals, { gaps: next.gaps }))
      for (const { intervals, cycles } of [published, revised]) {
        for (const row of cycles) {
          expect(row.workMs! + row.idleMs! + row.unseenMs!).toBe(row.endsAt - row.startsAt)
          if (row.durationMs !== null) expect(row.durationMs).toBe(row.workMs! + row.idleMs!)
          const own = intervals.filter(({ cycleId }) => cycleId === row.id)
          const tasks = taskTimes(
            own.map(each => ({ ...each, step: each.stepId, startUtcMs: each.startsAt, endUtcMs: each.endsAt })),
          )
          expect(tasks.reduce((sum, { workMs }) => sum + workMs, 0)).toBe(row.workMs)
        }
      }
    }),
    { numRuns: 200 },
  )
})
