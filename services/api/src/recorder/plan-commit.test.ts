import { type DecodedInterval, noCycleYet, switchWaitsAtMostMs } from '@takt/domain'
import { describe, expect, it, test } from 'vitest'
import { atSlot, cursor, interval, origin, released, run, spanOf } from '../../test/recorder/bench-station.ts'
import { planCommit, type ReceivedBatch } from './plan-commit.ts'

const batchOf = (
  finals: readonly DecodedInterval[],
  toSlot: number,
  rest: Partial<ReceivedBatch> = {},
): ReceivedBatch => ({
  from: origin,
  decodedThrough: origin + toSlot,
  nextOrdinal: finals.length,
  checkpoint: Uint8Array.of(1),
  completeThrough: origin + toSlot,
  finals: finals.map((final, ordinal) => ({ ...final, ordinal })),
  provisionals: [],
  late: [],
  gaps: [],
  ...rest,
})

const plan = (batch: ReceivedBatch, rest: Partial<Parameters<typeof planCommit>[0]> = {}) =>
  planCommit({ cursor, batch, released, newest: { id: released.release, effectiveFromMs: atSlot(0) }, ...rest })

const twoCycles = [interval('pick', 0, 10), interval('screw', 10, 20), interval('pick', 20, 30)]

describe('a batch', () => {
  it('moves the cursor from where it starts to where it says', () => {
    const batch = batchOf(twoCycles, 60)
    expect(plan(batch)).toMatchObject({
      run,
      from: origin,
      opens: null,
      next: {
        run,
        decodedThrough: origin + 60,
        nextOrdinal: 3,
        checkpoint: batch.checkpoint,
        completeThrough: origin + 60,
      },
    })
  })

  it('names its intervals by run and ordinal: planned twice they are the same', () => {
    const rows = plan(batchOf(twoCycles, 60)).intervals
    expect(rows.map(row => row.ordinal)).toEqual([0, 1, 2])
    expect(new Set(rows.map(row => row.id)).size).toBe(3)
    expect(plan(batchOf(twoCycles, 60))).toEqual(plan(batchOf(twoCycles, 60)))
    const elsewhere = plan(batchOf(twoCycles, 60), {
      cursor: { ...cursor, run: 'ffffffff-0000-7000-8000-00000000000c' },
    })
    expect(elsewhere.intervals.map(row => row.id)).not.toEqual(rows.map(row => row.id))
  })

  it('closes the cycle that the next first step ends, and gives its intervals to it', () => {
    const { cycles, intervals } = plan(batchOf(twoCycles, 60))
    expect(cycles).toHaveLength(1)
    expect(cycles[0]).toMatchObject({
      ordinal: 0,
      startsAt: atSlot(0),
      endsAt: atSlot(20),
      durationMs: 5000,
      censored: 'none',
      missing: [],
    })
    expect(intervals.map(row => row.cycleId === cycles[0]!.id)).toEqual([true, true, false])
    expect(intervals[2]!.cycleId).not.toBeNull()
  })

  it('goes on with the cycle of the one before, under the id that its intervals already have', () => {
    const first = plan(batchOf(twoCycles, 60))
    const moved = { ...cursor, nextOrdinal: 3, cycleCarry: first.next.cycleCarry }
    const rest = [interval('screw', 30, 44), interval('pick', 50, 58)].map((final, i) => ({ ...final, ordinal: 3 + i }))
    const second = plan({ ...batchOf([], 120), finals: rest }, { cursor: moved })
    expect(second.cycles).toMatchObject([{ ordinal: 1, startsAt: atSlot(20), endsAt: atSlot(50) }])
    expect(first.intervals[2]!.cycleId).toBe(second.cycles[0]!.id)
    expect(second.intervals[0]!.cycleId).toBe(second.cycles[0]!.id)
  })

  it('with missing video in a cycle makes it censored, without a duration', () => {
    const gaps = [{ startUtcMs: atSlot(12), endUtcMs: atSlot(14) }]
    const cut = [
      interval('pick', 0, 10),
      interval('screw', 10, 12, { censored: 'end' }),
      interval('screw', 14, 20, { censored: 'start' }),
      interval('pick', 20, 30),
    ]
    expect(plan(batchOf(cut, 60, { gaps })).cycles).toMatchObject([{ censored: 'both', durationMs: null }])
  })

  it('says which steps a cycle lacks or repeats', () => {
    const odd = [
      interval('pick', 0, 5),
      interval('pick', 10, 20),
      interval('screw', 20, 25),
      interval('screw', 26, 30),
      interval('pick', 30, 40),
    ]
    expect(plan(batchOf(odd, 60)).cycles).toMatchObject([
      { missing: ['screw'], repeated: [] },
      { missing: [], repeated: ['screw'] },
    ])
  })

  it('takes a step that the process repeats for no extra one, and one resumed for interrupted', () => {
    const finals = [
      interval('pick', 0, 10),
      interval('screw', 10, 15),
      interval('screw', 17, 20),
      interval('pick', 20, 30),
    ]
    const repeating = { ...released, steps: released.steps.map(step => ({ ...step, repeats: step.name === 'screw' })) }
    const [once] = plan(batchOf(finals, 60)).cycles
    expect(once).toMatchObject({ repeated: ['screw'], interrupted: ['screw'], extra: [], workMs: 4500, idleMs: 500 })
    const [again] = plan(batchOf(finals, 60), { released: repeating }).cycles
    expect(again).toMatchObject({ repeated: ['screw'], interrupted: [], extra: [], durationMs: 5000 })
  })

  it('carries the slots it did not wait for, and its provisional intervals as documents', () => {
    const late = [{ view: 'v', encoder: 'e', segment: 's' }]
    const planned = plan(batchOf([], 60, { late, provisionals: [interval('pick', 50, 58)] }))
    expect(planned.late).toEqual(late)
    expect(planned.provisionals).toMatchObject([{ stepId: 'step pick', startTime: new Date(atSlot(50)).toISOString() }])
  })

  it('with a step that the process does not have is refused by its name', () => {
    const unknown = { ...interval('pick', 0, 4), step: 'weld' }
    expect(() => plan(batchOf([unknown], 60))).toThrow(/finds step weld/)
  })
})

describe('a newer release', () => {
  const newest = { id: '00000000-0000-7000-8000-0000000000ff', effectiveFromMs: atSlot(15) }

  it('takes over at the next cycle start: the old run keeps what starts before, and closes its cycle there', () => {
    const finals = [...twoCycles, interval('screw', 30, 40)]
    const planned = plan(batchOf(finals, 60), { newest })
    expect(planned.intervals.map(spanOf)).toEqual(['pick 0–10', 'screw 10–20'])
    expect(planned.cycles).toMatchObject([{ startsAt: atSlot(0), endsAt: atSlot(20), durationMs: 5000 }])
    expect(planned.opens).toMatchObject({ release: newest.id, fromSlot: origin + 20 })
    expect(planned.next).toEqual({
      run: planned.opens!.run,
      decodedThrough: origin + 20,
      nextOrdinal: 0,
      checkpoint: new Uint8Array(),
      completeThrough: origin + 20,
      cycleCarry: noCycleYet,
    })
    expect(planned.provisionals).toEqual([])
  })

  it('opens the same run whoever plans it', () => {
    expect(plan(batchOf(twoCycles, 60), { newest }).opens).toEqual(plan(batchOf(twoCycles, 60), { newest }).opens)
  })

  it('waits for a cycle that starts at or after its instant', () => {
    expect(plan(batchOf([interval('pick', 0, 14)], 60), { newest }).opens).toBeNull()
    expect(plan(batchOf([interval('pick', 15, 20)], 60), { newest }).opens).not.toBeNull()
  })

  it('does not take over before decoding has come to its instant', () => {
    const future = { ...newest, effectiveFromMs: atSlot(100) }
    expect(plan(batchOf(twoCycles, 60), { newest: future }).opens).toBeNull()
  })

  it('takes over amid a cycle when none has started for too long', () => {
    const toSlot = 15 + switchWaitsAtMostMs / 250 + 1
    const planned = plan(batchOf([interval('screw', 10, 20)], toSlot), { newest })
    expect(planned.opens).toMatchObject({ fromSlot: origin + toSlot })
    expect(planned.intervals).toHaveLength(1)
  })
})

test('a batch in which nothing ended still moves the cursor', () => {
  const planned = plan(batchOf([], 240))
  expect(planned).toMatchObject({ intervals: [], cycles: [], next: { decodedThrough: origin + 240, nextOrdinal: 0 } })
})
