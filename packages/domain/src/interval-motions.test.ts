import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyPath } from '../test/interval-paths.ts'
import { correctTiming } from './correction/correct-timing.ts'
import { closeInterval } from './interval.ts'
import type { IntervalMotion } from './interval-motions.ts'
import { reviseWindow } from './revision.ts'
import type { TimelineSlot } from './timeline.ts'
import type { IntervalContent } from './trim-interval.ts'

const motion = (step: string, startMs: number, endMs: number): IntervalMotion => {
  return { step, startMs, endMs, startSdMs: 40, endSdMs: 40, confidence: 0.9 }
}

/** Motions between shares of a span, every other one left to the rest. */
const motionsWithin = (spanMs: number, shares: readonly number[]): readonly IntervalMotion[] => {
  const borders = [0, ...shares.toSorted((a, b) => a - b), 1].map(share => share * spanMs)
  return borders.slice(1).flatMap((end, i) => (i % 3 === 1 ? [] : [motion(`motion ${i}`, borders[i]!, end)]))
}

const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })

/** What is published of an interval: whole milliseconds. */
const published = ({ durationMs, motions }: Pick<IntervalContent, 'durationMs' | 'motions'>) => ({
  durationMs: Math.round(durationMs!),
  borders: motions!.flatMap(({ startMs, endMs }) => [Math.round(startMs), Math.round(endMs)]),
})

/** Motions are in order and inside, so that they and what they leave add up. */
function expectSums(interval: Pick<IntervalContent, 'durationMs' | 'motions'>): void {
  const { durationMs, borders } = published(interval)
  const marks = [0, ...borders, durationMs]
  expect(marks).toEqual(marks.toSorted((a, b) => a - b))
  const parts = marks.slice(1).map((end, i) => end - marks[i]!)
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(durationMs)
}

describe('motions', () => {
  it('and their rest add up to a duration in whole milliseconds, by whichever clock it was measured', () => {
    const offset = fc.double({ min: -125, max: 125, noNaN: true })
    const rate = fc.double({ min: 0.96, max: 1.04, noNaN: true })
    const view = { view: 'v', segment: 'g', session: 's', stepIndexInSegment: 0 }
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1200 }), offset, offset, rate, shares, (slots, start, end, drift, cuts) => {
        const at = (slot: number): TimelineSlot => ({ slot, views: [{ ...view, mediaSeconds: (slot * drift) / 4 }] })
        const found = { startOffsetMs: start, endOffsetMs: end, startSdMs: 30, endSdMs: 40, absoluteErrorMs: 20 }
        const about = { ordinal: 0, step: 'pick', confidence: 0.9, censored: 'none' } as const
        const motions = motionsWithin(slots * 250 + end - start, cuts)
        const interval = closeInterval({ ...about, ...found, start: at(8), end: at(8 + slots), motions })
        if (interval.motions) expectSums(interval)
        expect(interval.motions === undefined).toBe(slots * 250 + end - start < 125)
        const cut = closeInterval({ ...about, ...found, censored: 'end', start: at(8), end: at(8 + slots), motions })
        expect(cut).not.toHaveProperty('motions')
      }),
    )
  })

  it('stay true to their interval through revisions: one that is trimmed has none, and others add up', () => {
    const withMotions = anyPath.chain(path =>
      fc.array(shares, { minLength: path.length, maxLength: path.length }).map(cuts => {
        return path.map((content, i): IntervalContent => {
          return { ...content, motions: motionsWithin(content.durationMs!, cuts[i]!) }
        })
      }),
    )
    const window = { startUtcMs: 1000, endUtcMs: 12_000 }
    fc.assert(
      fc.property(withMotions, withMotions, fc.boolean(), (old, redecoded, isPinned) => {
        const current = old.map((content, i) => ({ ...content, id: `${i}` }))
        const pinned = isPinned ? current.slice(1, 2) : []
        const plan = reviseWindow({ current, redecoded, window, pinned, frozenUntilMs: 2500 })
        for (const next of [...plan.create, ...plan.revise.map(revision => revision.next)]) {
          const { startUtcMs, endUtcMs } = next
          const isAsFound = redecoded.some(found => found.startUtcMs === startUtcMs && found.endUtcMs === endUtcMs)
          expect(next.motions !== undefined).toBe(isAsFound)
          if (next.motions) expectSums(next)
        }
      }),
    )
  })

  it('that come out different revise an interval whose times are the same', () => {
    const content: IntervalContent = {
      ...{ step: 'pick', startSlot: 8, endSlot: 16, startUtcMs: 2000, endUtcMs: 4000, durationMs: 2000 },
      ...{ durationSource: 'media', startSdMs: 30, endSdMs: 30, durationSdMs: 42, absoluteErrorMs: 20 },
      ...{ confidence: 0.9, censored: 'none', evidence: 'clear' },
    }
    const revise = (was: readonly IntervalMotion[] | undefined, next: readonly IntervalMotion[] | undefined) => {
      const current = [{ ...content, id: 'a', motions: was }]
      const window = { startUtcMs: 0, endUtcMs: 10_000 }
      const redecoded = [{ ...content, motions: next }]
      return reviseWindow({ current, redecoded, window, pinned: [], frozenUntilMs: Number.NEGATIVE_INFINITY }).revise
    }
    const reach = [motion('reach', 0, 800)]
    expect(revise(reach, [{ ...motion('reach', 0, 800), confidence: 0.8 }])).toEqual([])
    expect(revise(undefined, undefined)).toEqual([])
    for (const next of [[motion('reach', 0, 801)], [motion('grasp', 0, 800)], [], undefined]) {
      expect(revise(reach, next)).toHaveLength(1)
    }
  })

  it('go where a person corrects times or step, since they were found between the old ends, and stay where not', () => {
    const timing = {
      step: 'pick',
      startUtcMs: 1000,
      endUtcMs: 3000,
      durationMs: 2010,
      durationSource: 'media',
      confidence: 0.5,
      censored: 'none',
      motions: [motion('reach', 0, 700)],
    } as const
    expect(correctTiming(timing, { step: 'pick', endUtcMs: 3000 }).motions).toEqual(timing.motions)
    for (const correction of [{ endUtcMs: 3500 }, { startUtcMs: 900 }, { step: 'screw' }]) {
      expect(correctTiming(timing, correction).motions).toBeUndefined()
    }
  })
})
