import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Range } from '../range.ts'
import { associateCycles } from './associate-cycles.ts'
import { type MesEvent, type MesEventType, mesEventTypes } from './mes-event.ts'

let count = 0
const event = (type: MesEventType, value: string, atMs: number): MesEvent => ({
  source: 'mes',
  eventId: `E${count++}`,
  type,
  value,
  atMs,
})
const cycle: Range = { startUtcMs: 100, endUtcMs: 200 }
const of = (...events: MesEvent[]) => associateCycles([cycle], events)[0]!

describe('a job order', () => {
  it('belongs to the cycles that it is in force in, by the event that started it', () => {
    const started = event('job-order-started', 'JO-1', 20)
    expect(of(started).jobOrder).toEqual({
      value: 'JO-1',
      rule: 'in-force-throughout',
      event: { source: 'mes', eventId: started.eventId },
      share: 1,
    })
  })

  it('of two, has the cycle that it is in force in for longer', () => {
    const events = [event('job-order-started', 'JO-1', 20), event('job-order-started', 'JO-2', 130)]
    expect(of(...events).jobOrder).toMatchObject({ value: 'JO-2', rule: 'in-force-for-most', share: 0.7 })
  })

  it('that has ended before leaves the cycle without, and says which event did', () => {
    const ended = event('job-order-ended', 'JO-1', 90)
    expect(of(event('job-order-started', 'JO-1', 20), ended).jobOrder).toEqual({
      value: null,
      why: 'ended-before',
      events: [{ source: 'mes', eventId: ended.eventId }],
    })
  })

  it('is not ended by the end of another', () => {
    const events = [event('job-order-started', 'JO-2', 20), event('job-order-ended', 'JO-1', 90)]
    expect(of(...events).jobOrder).toMatchObject({ value: 'JO-2' })
  })

  it('that starts when the cycle has ended is not its own', () => {
    expect(of(event('job-order-started', 'JO-1', 200)).jobOrder).toMatchObject({ value: null, why: 'no-event' })
  })
})

describe('a serial', () => {
  it('is the one scanned within the cycle, however often, with its margin', () => {
    const first = event('unit-scanned', 'S1', 110)
    expect(of(first, event('unit-scanned', 'S1', 150)).serial).toEqual({
      value: 'S1',
      rule: 'scanned-within',
      event: { source: 'mes', eventId: first.eventId },
      marginMs: 10,
    })
  })

  it('is not guessed where several were scanned', () => {
    const scans = [event('unit-scanned', 'S1', 110), event('unit-scanned', 'S2', 150)]
    expect(of(...scans).serial).toMatchObject({ value: null, why: 'several-serials', events: [{}, {}] })
  })

  it('scanned at the instant where one cycle ends and the next starts belongs to the next', () => {
    const next = { startUtcMs: 200, endUtcMs: 300 }
    const [before, after] = associateCycles([cycle, next], [event('unit-scanned', 'S1', 200)])
    expect([before!.serial.value, after!.serial.value]).toEqual([null, 'S1'])
  })
})

const events = fc.uniqueArray(
  fc.record({
    source: fc.constantFrom('mes', 'scanner'),
    eventId: fc.nat(40).map(n => `E${n}`),
    type: fc.constantFrom(...mesEventTypes),
    value: fc.constantFrom('A', 'B', 'C'),
    atMs: fc.nat(60),
  }),
  { selector: ({ source, eventId }) => `${source} ${eventId}`, maxLength: 12 },
)
/** Cycles one after the other, as a station has them. */
const cycles = fc
  .array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 6 })
  .map(lengths =>
    lengths.map((length, i) => ({ startUtcMs: sum(lengths.slice(0, i)), endUtcMs: sum(lengths.slice(0, i)) + length })),
  )
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

test('the order in which events arrive decides nothing', () => {
  fc.assert(
    fc.property(cycles, events, fc.infiniteStream(fc.nat()), (cycles, events, random) => {
      const keys = new Map(events.map(event => [event, random.next().value!]))
      const shuffled = events.toSorted((a, b) => keys.get(a)! - keys.get(b)!)
      expect(associateCycles(cycles, shuffled)).toEqual(associateCycles(cycles, events))
    }),
  )
})

test('a cycle is judged alike alone and among others, and by the events since the last start and variant alone', () => {
  fc.assert(
    fc.property(cycles, events, (cycles, events) => {
      const together = associateCycles(cycles, events)
      for (const [i, cycle] of cycles.entries()) {
        const last = (type: MesEventType) =>
          Math.max(...events.filter(e => e.type === type && e.atMs <= cycle.startUtcMs).map(e => e.atMs), -1)
        const recent = events.filter(
          e => e.atMs >= cycle.startUtcMs || e.atMs >= last(e.type === 'variant-set' ? e.type : 'job-order-started'),
        )
        expect(associateCycles([cycle], recent)).toEqual([together[i]])
      }
    }),
  )
})

test('a late event changes nothing before it, nor once a later event decides anew', () => {
  fc.assert(
    fc.property(cycles, events, fc.nat(11), (cycles, events, which) => {
      const late = events[which % Math.max(events.length, 1)]
      if (!late) return
      const without = associateCycles(
        cycles,
        events.filter(e => e !== late),
      )
      const begins = late.type === 'variant-set' ? 'variant-set' : 'job-order-started'
      const until =
        late.type === 'unit-scanned'
          ? late.atMs + 1
          : Math.min(...events.filter(e => e.type === begins && e.atMs > late.atMs).map(e => e.atMs))
      const after = associateCycles(cycles, events)
      for (const [i, { startUtcMs, endUtcMs }] of cycles.entries())
        if (endUtcMs <= late.atMs || startUtcMs >= until) expect(after[i]).toEqual(without[i])
    }),
  )
})
