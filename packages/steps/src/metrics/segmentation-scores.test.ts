import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anySequences, labels, sequence } from '../../test/frame-labels.ts'
import { type SegmentationFigures, segmentationScores } from './segmentation-scores.ts'

describe('the scores of a segmentation', () => {
  it('are pooled and per video, and MS-TCN prints a mixture of both', () => {
    // Long: 9 of 10 frames; truth 1 2, predicted 1 2 1: distance 1 of 3. Hits at 10 %: [0, 5) and [5, 9) of [5, 10);
    // the last is too many: 2 hits, 3 predicted, 2 true.
    // Short: no frame; distance 1 of 1; no hit, 1 predicted, 1 true.
    const scores = segmentationScores([sequence('1111122222', '1111122221'), sequence('11', '22')], [0])
    const pooled = { accuracy: 75, edit: 50, f1At10: 400 / 7, f1At25: 400 / 7, f1At50: 400 / 7 }
    const perVideo = { accuracy: 45, edit: 100 / 3, f1At10: 40, f1At25: 40, f1At50: 40 }
    expectFigures(scores.pooled, pooled)
    expectFigures(scores.perVideo, perVideo)
    expectFigures(scores.official, { ...pooled, edit: 100 / 3 })
  })

  it('take the share of each overlap for itself', () => {
    // Truth [0, 10); predicted [7, 10): an IoU of .3.
    const { official } = segmentationScores([sequence('1111111111', '0000000111')], [0])
    expectFigures(official, { accuracy: 30, edit: 100, f1At10: 100, f1At25: 100, f1At50: 0 })
  })

  it('leave the background out of segments, and in frames', () => {
    // Frames: 3 of 6. Segments: 1 of [2, 4) against 1 of [1, 5): an IoU of one half.
    const { official } = segmentationScores([sequence('001100', '011110')], [0])
    expectFigures(official, { accuracy: 400 / 6, edit: 100, f1At10: 100, f1At25: 100, f1At50: 100 })
  })

  it('are all 100 for the truth itself', () => {
    fc.assert(
      fc.property(anySequences, sequences => {
        const perfect = segmentationScores(
          sequences.map(({ truth }) => ({ truth, predicted: truth })),
          [0],
        )
        // Where all is background there is no segment, and nothing to say.
        const f1 = sequences.some(({ truth }) => truth.some(label => label !== 0)) ? 100 : null
        expectFigures(perfect.official, { accuracy: 100, edit: 100, f1At10: f1, f1At25: f1, f1At50: f1 })
        expectFigures(perfect.perVideo, { accuracy: 100, edit: 100, f1At10: f1, f1At25: f1, f1At50: f1 })
      }),
    )
  })

  it('lie between 0 and 100, and fall as more overlap is asked for', () => {
    fc.assert(
      fc.property(anySequences, sequences => {
        for (const figures of Object.values(segmentationScores(sequences, [0]))) {
          for (const figure of Object.values(figures)) expect(within(figure)).toBe(true)
          expect(figures.f1At10 ?? 0).toBeGreaterThanOrEqual(figures.f1At25 ?? 0)
          expect(figures.f1At25 ?? 0).toBeGreaterThanOrEqual(figures.f1At50 ?? 0)
        }
      }),
    )
  })

  it('are the same pooled and per video where there is one video', () => {
    fc.assert(
      fc.property(anySequences, ([one]) => {
        const { pooled, perVideo, official } = segmentationScores([one!], [0])
        expect(perVideo).toEqual(pooled)
        expect(official).toEqual(pooled)
      }),
    )
  })

  it('are nothing without a sequence, and refused where labels differ in number', () => {
    const nothing = { accuracy: null, edit: null, f1At10: null, f1At25: null, f1At50: null }
    expect(segmentationScores([], [0]).official).toEqual(nothing)
    const torn = { truth: labels('112'), predicted: labels('11') }
    expect(() => segmentationScores([torn], [0])).toThrow(/differ in number, sequence=0, truth=3, predicted=2/)
  })
})

const within = (figure: number | null): boolean => figure === null || (figure >= 0 && figure <= 100)

function expectFigures(figures: SegmentationFigures, expected: SegmentationFigures): void {
  const rounded = (one: SegmentationFigures) =>
    Object.fromEntries(Object.entries(one).map(([name, figure]) => [name, figure === null ? null : figure.toFixed(9)]))
  expect(rounded(figures)).toEqual(rounded(expected))
}
