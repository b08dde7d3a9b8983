import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { type CycleDraft, cycleRuleOf, cyclesOf, noCycleYet } from './cycles.ts'
import type { Censoring } from './interval.ts'
import { parseProcess } from './parse-process.ts'
import type { Range } from './range.ts'

const rule = cycleRuleOf(
  parseProcess({
    name: 'p',
    children: [{ name: 'pick' }, { name: 'place' }, { name: 'wipe', optional: true }, { name: 'screw' }],
  }),
)

interface Occurrence {
  readonly step: string
  readonly lengthMs: number
  readonly pauseMs?: number
  readonly mediaMs?: number
  readonly censored?: Censoring
}

/** Lays occurrences one after the other from 0. */
function path(...occurrences: readonly Occurrence[]) {
  let at = 0
  return occurrences.map(({ step, lengthMs, pauseMs = 0, mediaMs, censored = 'none' }, ordinal) => {
    const startUtcMs = at + pauseMs
    at = startUtcMs + lengthMs
    const durationMs = censored === 'none' ? (mediaMs ?? lengthMs) : null
    return { ordinal, step, startUtcMs, endUtcMs: at, durationMs, startSdMs: 30, censored }
  })
}
const steps = (...names: readonly string[]) => path(...names.map(step => ({ step, lengthMs: 1000 })))
const cyclesIn = (intervals: ReturnType<typeof path>, gaps: readonly Range[] = []) =>
  cyclesOf({ intervals, gaps, rule, carry: noCycleYet })

/** Up to where a batch has decoded that ends before an interval: to its start, or to the end of the one before. */
const decodedTo = (intervals: ReturnType<typeof path>, next: number): number =>
  (next % 2 ? intervals[next]?.startUtcMs : intervals[next - 1]?.endUtcMs) ?? -Infinity
const clip = (gaps: readonly Range[], to: Range): readonly Range[] =>
  gaps.map(gap => ({
    startUtcMs: Math.max(gap.startUtcMs, to.startUtcMs),
    endUtcMs: Math.min(gap.endUtcMs, to.endUtcMs),
  }))

/** Work, idle and unseen time are all the time of a cycle, to the millisecond; and a duration is work and idle time. */
function expectExactSums(cycle: CycleDraft, intervals: ReturnType<typeof path>) {
  const own = intervals.filter(({ ordinal }) => cycle.intervalOrdinals.includes(ordinal))
  const slewMs = own.reduce((sum, { durationMs, startUtcMs, endUtcMs }) => {
    return sum + (durationMs === null ? 0 : durationMs - (endUtcMs - startUtcMs))
  }, 0)
  const { startUtcMs, endUtcMs, durationMs, workMs, idleMs, idleAfterMs, unseenMs } = cycle
  expect(workMs + idleMs + unseenMs).toBe(endUtcMs! - startUtcMs + slewMs)
  if (durationMs !== null) expect([durationMs, unseenMs]).toEqual([workMs + idleMs, 0])
  for (const ms of [workMs, idleMs, idleAfterMs, unseenMs]) expect(ms).toSatisfy(Number.isInteger)
  expect(idleMs).toBeGreaterThanOrEqual(idleAfterMs)
  expect(idleAfterMs).toBeGreaterThanOrEqual(0)
}

describe('a cycle', () => {
  it('runs from its first step to the next first step', () => {
    const { closed, open } = cyclesIn(steps('place', 'pick', 'place', 'screw', 'pick', 'place'))
    expect(closed).toEqual([
      {
        ordinal: 0,
        startUtcMs: 1000,
        endUtcMs: 4000,
        durationMs: 3000,
        durationSdMs: Math.hypot(30, 30),
        censored: false,
        intervalOrdinals: [1, 2, 3],
        workMs: 3000,
        idleMs: 0,
        idleAfterMs: 0,
        unseenMs: 0,
        missingSteps: [],
        repeatedSteps: [],
        interruptedSteps: [],
        extraSteps: [],
        outOfOrder: [],
      },
    ])
    expect(open).toMatchObject({
      ordinal: 1,
      startUtcMs: 4000,
      endUtcMs: null,
      durationMs: null,
      missingSteps: ['screw'],
    })
  })

  it('lists what it misses, what it repeats and what comes too late', () => {
    const [missing] = cyclesIn(steps('pick', 'screw', 'pick')).closed
    expect(missing).toMatchObject({ missingSteps: ['place'], repeatedSteps: [], outOfOrder: [] })
    const [mixed] = cyclesIn(steps('pick', 'screw', 'place', 'screw', 'pick')).closed
    expect(mixed).toMatchObject({ missingSteps: [], repeatedSteps: ['screw'], outOfOrder: ['place'] })
    expect(mixed).toMatchObject({ extraSteps: ['screw'], interruptedSteps: [] })
  })

  it('tells waiting between its steps from waiting for the next cycle, and both from work and from missing video', () => {
    const intervals = path(
      { step: 'pick', lengthMs: 1000, mediaMs: 990 },
      { step: 'place', lengthMs: 2000, pauseMs: 300 },
      { step: 'screw', lengthMs: 500, pauseMs: 700 },
      { step: 'pick', lengthMs: 1000, pauseMs: 5000 },
    )
    const whole = cyclesIn(intervals).closed[0]
    expect(whole).toMatchObject({ workMs: 3490, idleMs: 6000, idleAfterMs: 5000, unseenMs: 0, durationMs: 9490 })
    const gaps = [
      { startUtcMs: 1100, endUtcMs: 1200 },
      { startUtcMs: 5000, endUtcMs: 6000 },
    ]
    expect(cyclesIn(intervals, gaps).closed[0]).toMatchObject({
      workMs: 3490,
      idleMs: 4900,
      idleAfterMs: 4000,
      unseenMs: 1100,
      durationMs: null,
    })
  })

  it('takes the media durations of its steps and UTC for the pauses between', () => {
    const [cycle] = cyclesIn(
      path(
        { step: 'pick', lengthMs: 1000, mediaMs: 960 },
        { step: 'place', lengthMs: 1000, mediaMs: 990, pauseMs: 500 },
        { step: 'pick', lengthMs: 1000 },
      ),
    ).closed
    expect(cycle).toMatchObject({ startUtcMs: 0, endUtcMs: 2500, durationMs: 2450 })
  })

  it.each<[string, readonly [Censoring, Censoring, Censoring], boolean]>([
    ['its first step has no start', ['start', 'none', 'none'], true],
    ['a step inside is cut', ['none', 'end', 'none'], true],
    ['the next first step has no start', ['none', 'none', 'start'], true],
    ['only the end of the next first step is cut', ['none', 'none', 'end'], false],
  ])('is censored or not when %s', (_, [a, b, c], censored) => {
    const [cycle] = cyclesIn(
      path(
        { step: 'pick', lengthMs: 10, censored: a },
        { step: 'place', lengthMs: 10, censored: b },
        { step: 'pick', lengthMs: 10, censored: c },
      ),
    ).closed
    expect(cycle).toMatchObject({
      censored,
      durationMs: censored ? null : 20,
      durationSdMs: censored ? null : Math.hypot(30, 30),
    })
  })

  it('has no duration when video is missing in a pause between its steps', () => {
    const intervals = path(
      { step: 'pick', lengthMs: 10 },
      { step: 'place', lengthMs: 10, pauseMs: 80 },
      { step: 'pick', lengthMs: 10 },
    )
    expect(cyclesIn(intervals, [{ startUtcMs: 40, endUtcMs: 41 }]).closed[0]).toMatchObject({
      censored: true,
      durationMs: null,
    })
    expect(cyclesIn(intervals, [{ startUtcMs: -50, endUtcMs: 0 }]).closed[0]).toMatchObject({
      censored: false,
      durationMs: 100,
    })
  })

  it("that lost whole steps, or its end and the next one's start, is one of unknown length, and no gap is work or idleness", () => {
    const intervals = path(
      { step: 'pick', lengthMs: 1000 },
      { step: 'place', lengthMs: 400, censored: 'end' },
      // Here the screw, all of the next cycle and its successor's pick were not seen.
      { step: 'place', lengthMs: 300, pauseMs: 60_000, censored: 'start' },
      { step: 'screw', lengthMs: 500 },
      { step: 'pick', lengthMs: 1000, pauseMs: 250 },
    )
    const gaps = [{ startUtcMs: 1400, endUtcMs: 61_400 }]
    expect(cyclesIn(intervals, gaps).closed).toMatchObject([
      { censored: true, durationMs: null, workMs: 2200, idleMs: 250, idleAfterMs: 250, unseenMs: 60_000 },
    ])
  })

  it('whose end never comes is given up, so that what is carried stays bounded', () => {
    const { closed, open, carry } = cyclesIn(steps('pick', ...Array(1500).fill('place'), 'pick'))
    expect(closed).toMatchObject([{ ordinal: 0, endUtcMs: 1_000_000, durationMs: null, censored: true }])
    expect(open).toMatchObject({ ordinal: 1, startUtcMs: 1_501_000 })
    expect(carry.open).toHaveLength(1)
  })

  it('remembers video that was missing at the end of a batch', () => {
    const intervals = path({ step: 'pick', lengthMs: 10 }, { step: 'pick', lengthMs: 10, pauseMs: 80 })
    const gaps = [{ startUtcMs: 40, endUtcMs: 41 }]
    const { carry, open } = cyclesOf({ intervals: intervals.slice(0, 1), gaps, rule, carry: noCycleYet })
    expect(open).toMatchObject({ censored: true })
    expect(cyclesOf({ intervals: intervals.slice(1), gaps: [], rule, carry }).closed).toMatchObject([
      { durationMs: null },
    ])
  })

  test('is the same in whatever batches its intervals come', () => {
    const occurrence = fc.record({
      step: fc.constantFrom('pick', 'place', 'wipe', 'screw', 'other'),
      lengthMs: fc.integer({ min: 1, max: 5000 }),
      pauseMs: fc.nat(5000),
      mediaMs: fc.integer({ min: 1, max: 5000 }),
      censored: fc.constantFrom<Censoring>('none', 'none', 'none', 'start', 'end'),
    })
    const plan = fc.tuple(
      fc.array(occurrence, { maxLength: 40 }),
      fc.array(fc.nat(120_000), { maxLength: 4 }),
      fc.array(fc.nat(40), { maxLength: 6 }),
    )
    fc.assert(
      fc.property(plan, ([occurrences, gapStarts, cuts]) => {
        const intervals = path(...occurrences)
        const gaps = gapStarts.map(ms => ({ startUtcMs: ms, endUtcMs: ms + 700 }))
        const whole = cyclesIn(intervals, gaps)
        let carry = noCycleYet
        let open: CycleDraft | null = null
        const closed: CycleDraft[] = []
        let from = 0
        for (const to of [...cuts.filter(cut => cut < intervals.length).sort((a, b) => a - b), intervals.length]) {
          const batch = intervals.slice(from, to)
          const decoded = {
            startUtcMs: decodedTo(intervals, from),
            endUtcMs: to === intervals.length ? Infinity : decodedTo(intervals, to),
          }
          const result = cyclesOf({
            intervals: batch,
            gaps: clip(gaps, decoded),
            rule,
            carry: JSON.parse(JSON.stringify(carry)),
          })
          closed.push(...result.closed)
          ;({ open, carry } = result)
          from = to
        }
        expect(closed).toEqual(whole.closed)
        expect(open).toEqual(whole.open)
        for (const cycle of closed) expectExactSums(cycle, intervals)
      }),
    )
  })
})
