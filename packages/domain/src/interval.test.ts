import { describe, expect, it } from 'vitest'
import { closeInterval } from './interval.ts'
import type { TimelineSlot, ViewPosition } from './timeline.ts'

const seen = (
  slot: number,
  ...views: readonly (Partial<ViewPosition> & { mediaSeconds: number | null })[]
): TimelineSlot => ({
  slot,
  views: views.map(v => ({ view: 'v', segment: 'g', session: 's', stepIndexInSegment: 0, ...v })),
})

const close = (
  start: TimelineSlot,
  end: TimelineSlot,
  censored: 'none' | 'start' | 'end' | 'both' = 'none',
  evidence: 'clear' | 'weak' | 'unfamiliar' = 'clear',
) =>
  closeInterval({
    ordinal: 7,
    step: 'pick',
    start,
    end,
    startOffsetMs: 0,
    endOffsetMs: 0,
    startSdMs: 30,
    endSdMs: 40,
    absoluteErrorMs: 250,
    confidence: 0.9,
    censored,
    evidence,
  })

describe('an interval', () => {
  it('has no duration where its evidence is weak, and one where it is merely unfamiliar', () => {
    const [start, end] = [seen(8, { mediaSeconds: 2 }), seen(16, { mediaSeconds: 4 })]
    expect(close(start, end, 'none', 'weak')).toMatchObject({ durationMs: null, durationSource: null })
    expect(close(start, end, 'none', 'unfamiliar')).toMatchObject({ durationMs: 2000, durationSource: 'media' })
  })

  it('lasts what the media clock says when both ends lie in one session of one view', () => {
    expect(close(seen(8, { mediaSeconds: 2.01 }), seen(16, { mediaSeconds: 3.97 }))).toEqual({
      ordinal: 7,
      step: 'pick',
      startSlot: 8,
      endSlot: 16,
      startUtcMs: 2000,
      endUtcMs: 4000,
      durationMs: expect.closeTo(1960),
      durationSource: 'media',
      startSdMs: 30,
      endSdMs: 40,
      durationSdMs: 50,
      absoluteErrorMs: 250,
      confidence: 0.9,
      censored: 'none',
      evidence: 'clear',
    })
  })

  it('is measured by the first view that sees both ends', () => {
    const start = seen(0, { view: 'a', mediaSeconds: 5 }, { view: 'b', mediaSeconds: 9 })
    const end = seen(8, { view: 'b', mediaSeconds: 11.02 })
    expect(close(start, end)).toMatchObject({ durationMs: expect.closeTo(2020), durationSource: 'media' })
  })

  it.each([
    ['the camera reconnected in between', seen(8, { mediaSeconds: 2, session: 't' })],
    ['media time jumped in between', seen(8, { mediaSeconds: 99 })],
    ['the media clock is not trusted', seen(8, { mediaSeconds: null })],
    ['no view sees the end', { slot: 8, missing: true } as const],
  ])('lasts a difference of UTC when %s', (_, end) => {
    expect(close(seen(0, { mediaSeconds: 0 }), end)).toMatchObject({ durationMs: 2000, durationSource: 'utc' })
  })

  it.each(['start', 'end', 'both'] as const)('that is censored at %s has no duration', censored => {
    const interval = close(seen(0, { mediaSeconds: 0 }), seen(8, { mediaSeconds: 2 }), censored)
    expect(interval).toMatchObject({ durationMs: null, durationSource: null, censored })
  })

  it('has boundaries beside the edges of its slots, and a duration between them', () => {
    const [start, end] = [seen(8, { mediaSeconds: 2 }), seen(16, { mediaSeconds: 4 })]
    const shape = { ordinal: 0, step: 'pick', startSdMs: 0, endSdMs: 0, absoluteErrorMs: 0, confidence: 1 } as const
    const between = (startOffsetMs: number, endOffsetMs: number, last = end) =>
      closeInterval({ ...shape, start, end: last, startOffsetMs, endOffsetMs, censored: 'none' })
    expect(between(-60, 100)).toMatchObject({ startSlot: 8, startUtcMs: 1940, endUtcMs: 4100, durationMs: 2160 })
    const short = seen(9, { mediaSeconds: 2.25 })
    expect(between(120, -120, short)).toMatchObject({ startUtcMs: 2000, endUtcMs: 2250, durationMs: 250 })
  })

  it('without length is refused', () => {
    expect(() => close(seen(8), seen(8))).toThrow(expect.objectContaining({ code: 'interval-empty' }))
  })
})
