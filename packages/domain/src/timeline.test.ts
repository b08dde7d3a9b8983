import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { stepsOfSegment } from './grid.ts'
import {
  type EmbeddedSpan,
  layTimeline,
  settledThroughSlot,
  slotOf,
  slotStartMs,
  type TimelineSlot,
  type TimelineView,
} from './timeline.ts'

function span(at: { media: number; duration: number; start: number; end: number; session?: string }): EmbeddedSpan {
  return {
    view: 'v',
    clock: 'host',
    session: at.session ?? 's',
    segment: `${at.session ?? 's'}@${at.media}`,
    startUtcMs: at.start,
    endUtcMs: at.end,
    mediaStartSeconds: at.media,
    durationSeconds: at.duration,
    ...stepsOfSegment(at.media, at.duration),
  }
}

const view = (spans: readonly EmbeddedSpan[], rest: Partial<TimelineView> = {}): TimelineView => ({
  view: 'v',
  offsetMs: 0,
  spans,
  gaps: [],
  ...rest,
})
const sourceOf = (slot: TimelineSlot): string =>
  slot.missing ? 'missing' : slot.views.map(p => `${p.segment}#${p.stepIndexInSegment}`).join(' ')

/** Contiguous segments, each slewed by up to 5 %, of sessions with arbitrary media phases. */
const anyChain = fc
  .record({
    media: fc.integer({ min: 0, max: 1_000_000 }).map(us => us / 1e6),
    start: fc.integer({ min: 0, max: 1000 }),
    segments: fc.array(
      fc.record({
        reconnectsAt: fc.option(fc.integer({ min: 0, max: 1_000_000 }), { freq: 3 }),
        duration: fc.integer({ min: 50, max: 6000 }),
        slew: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ media, start, segments }) => {
    const spans: EmbeddedSpan[] = []
    let [at, utc, session] = [media, start, 0]
    for (const { duration, slew, reconnectsAt } of segments) {
      // A session too short for a single step would leave a real hole.
      if (reconnectsAt !== null && duration > 500) {
        at = reconnectsAt / 1e6
        session += 1
      }
      const end = utc + Math.round(duration * (1 + slew))
      spans.push(span({ media: at, duration: duration / 1000, start: utc, end, session: `s${session}` }))
      at += duration / 1000
      utc = end
    }
    return spans
  })

const rangeOf = (spans: readonly EmbeddedSpan[]): { fromSlot: number; toSlot: number } => ({
  fromSlot: slotOf(spans[0]!.startUtcMs) - 4,
  toSlot: slotOf(spans.at(-1)!.endUtcMs) + 4,
})

describe('a timeline', () => {
  test('has no missing slot inside contiguous segments, however they are slewed', () => {
    fc.assert(
      fc.property(anyChain, spans => {
        const slots = layTimeline({ views: [view(spans)], ...rangeOf(spans) })
        const seen = slots.flatMap((slot, i) => (slot.missing ? [] : [i]))
        if (seen.length) expect(seen.at(-1)! - seen[0]! + 1).toBe(seen.length)
      }),
    )
  })

  test('reaches half a slot beyond its edges and no further', () => {
    fc.assert(
      fc.property(anyChain, spans => {
        const slots = layTimeline({ views: [view(spans)], ...rangeOf(spans) })
        const seen = slots.filter(slot => !slot.missing)
        for (const slot of [seen[0], seen.at(-1)])
          if (slot) {
            expect(slotStartMs(slot.slot)).toBeGreaterThan(spans[0]!.startUtcMs - 126)
            expect(slotStartMs(slot.slot)).toBeLessThan(spans.at(-1)!.endUtcMs + 126)
          }
      }),
    )
  })

  test('runs through the media time of a session without turning back', () => {
    fc.assert(
      fc.property(anyChain, spans => {
        const seen = layTimeline({ views: [view(spans)], ...rangeOf(spans) }).flatMap(slot => slot.views ?? [])
        for (const session of Map.groupBy(seen, p => p.session).values())
          session.slice(1).forEach((position, i) => {
            expect(position.mediaSeconds).toBeGreaterThan(session[i]!.mediaSeconds!)
          })
      }),
    )
  })

  test('is the same laid in pieces, each up to what its watermark settles, as laid at once', () => {
    fc.assert(
      fc.property(anyChain, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (spans, cuts) => {
        const { fromSlot, toSlot } = rangeOf(spans)
        const whole = layTimeline({ views: [view(spans)], fromSlot, toSlot })
        const pieces: TimelineSlot[] = []
        for (const cut of [...cuts, 1].sort()) {
          const known = spans.slice(0, Math.ceil(cut * spans.length))
          const end = cut === 1 ? toSlot : settledThroughSlot(known.at(-1)?.endUtcMs ?? spans[0]!.startUtcMs)
          const from = fromSlot + pieces.length
          pieces.push(...layTimeline({ views: [view(known)], fromSlot: from, toSlot: end }))
        }
        expect(pieces).toEqual(whole)
      }),
    )
  })

  it('shows each step once where the camera agrees with the slots', () => {
    const spans = [
      span({ media: 0, duration: 1, start: 0, end: 1000 }),
      span({ media: 1, duration: 1, start: 1000, end: 2000 }),
    ]
    const slots = layTimeline({ views: [view(spans)], fromSlot: 0, toSlot: 8 })
    expect(slots.map(sourceOf)).toEqual(['s@0#0', 's@0#1', 's@0#2', 's@0#3', 's@1#0', 's@1#1', 's@1#2', 's@1#3'])
    expect(slots.map(slot => slot.views![0]!.mediaSeconds)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75])
  })

  it('is missing where video is lost and where a late segment was passed, though it has come since', () => {
    const spans = [
      span({ media: 0, duration: 0.5, start: 0, end: 500 }),
      span({ media: 0, duration: 1, start: 1500, end: 2500, session: 't' }),
    ]
    const gaps = [{ startUtcMs: 2000, endUtcMs: 2500 }]
    const slots = layTimeline({ views: [view(spans, { gaps })], fromSlot: 0, toSlot: 10 })
    expect(slots.map(sourceOf)).toEqual([
      's@0#0',
      's@0#1',
      'missing',
      'missing',
      'missing',
      'missing',
      't@0#0',
      't@0#1',
      'missing',
      'missing',
    ])
  })

  it('is missing where a reconnect lost a moment, however near the steps around it', () => {
    const before = span({ media: 0, duration: 0.51, start: 0, end: 510 })
    const after = span({ media: 0, duration: 1, start: 810, end: 1810, session: 't' })
    const gaps = [{ startUtcMs: 510, endUtcMs: 810 }]
    const slots = layTimeline({ views: [view([before, after], { gaps })], fromSlot: 1, toSlot: 5 })
    expect(slots.map(sourceOf)).toEqual(['s@0#1', 'missing', 't@0#0', 't@0#1'])
  })

  it('does not show a late segment that has come since, however short', () => {
    const late = span({ media: 0, duration: 0.1, start: 500, end: 600 })
    const gaps = [{ startUtcMs: 500, endUtcMs: 600 }]
    expect(layTimeline({ views: [view([late], { gaps })], fromSlot: 0, toSlot: 4 }).every(slot => slot.missing)).toBe(
      true,
    )
  })

  it('is not settled within a seam whose other side is still to come', () => {
    const known = [
      span({ media: 0, duration: 0.749, start: 0, end: 749 }),
      span({ media: 0.001, duration: 0.245, start: 749, end: 1006, session: 't' }),
    ]
    const next = span({ media: 0.246, duration: 1, start: 1006, end: 2006, session: 't' })
    const range = { fromSlot: 0, toSlot: settledThroughSlot(1006) }
    const later = layTimeline({ views: [view([...known, next])], fromSlot: 0, toSlot: 8 })
    expect(later.every(slot => !slot.missing)).toBe(true)
    expect(layTimeline({ views: [view(known)], ...range })).toEqual(later.slice(0, range.toSlot))
    expect(layTimeline({ views: [view(known)], fromSlot: 3, toSlot: 4 })).not.toEqual(later.slice(3, 4))
  })

  it('shifts a view by its offset', () => {
    const spans = [span({ media: 0, duration: 0.5, start: 1000, end: 1500 })]
    const [slot] = layTimeline({ views: [view(spans, { offsetMs: -1000 })], fromSlot: 0, toSlot: 1 })
    expect(sourceOf(slot!)).toBe('s@0#0')
  })

  it('is seen by the views that are there, and missing only without any', () => {
    const long = view([span({ media: 0, duration: 1, start: 0, end: 1000, session: 'long' })], { view: 'a' })
    const short = view([span({ media: 0, duration: 0.5, start: 0, end: 500, session: 'short' })], { view: 'b' })
    const slots = layTimeline({ views: [long, short], fromSlot: 0, toSlot: 5 })
    expect(slots.map(slot => slot.views?.length ?? 0)).toEqual([2, 2, 1, 1, 0])
  })

  it('shows no media time of a clock that is not trusted', () => {
    const spans = [{ ...span({ media: 0, duration: 1, start: 0, end: 1190 }), clock: 'untrusted' as const }]
    const slots = layTimeline({ views: [view(spans)], fromSlot: 0, toSlot: 4 })
    expect(slots.every(slot => slot.views?.every(p => p.mediaSeconds === null))).toBe(true)
  })
})
