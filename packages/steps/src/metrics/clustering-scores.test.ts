import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anySequences, labels, sequence } from '../../test/frame-labels.ts'
import { clusteringScores } from './clustering-scores.ts'
import { matchClusters } from './match-clusters.ts'
import { segmentationScores } from './segmentation-scores.ts'

describe('matching clusters to classes', () => {
  it('gives most frames to their class, one cluster a class', () => {
    // Cluster 7 shares 3 frames with class 1 and 2 with class 2, cluster 5 shares 2 with class 1 and none with class 2:
    // 7 → 1 and 5 → nothing agree on 3 frames, 7 → 2 and 5 → 1 on 4.
    const [matched] = matchClusters.global([sequence('1112211', '7777755')])
    expect(matched!.predicted).toEqual(labels('2222211'))
  })

  it('keeps a label of its own for each cluster without a class', () => {
    const [matched] = matchClusters.global([sequence('1111', '4567')])
    expect(new Set(matched!.predicted).size).toBe(4)
    expect([...matched!.predicted].filter(label => label === 1)).toHaveLength(1)
  })

  it('is one for all videos, or one for each', () => {
    // The clusters change their meaning from the first video to the second.
    const swapped = [sequence('112', '334'), sequence('112', '443')]
    expect(clusteringScores(swapped, 'per-video', [0])).toMatchObject({
      matching: 'per-video',
      pooled: { accuracy: 100 },
    })
    // 3 → 1 and 4 → 2 agree on 2 + 1 frames and on 0 + 0: half of six.
    expect(clusteringScores(swapped, 'global', [0])).toMatchObject({ matching: 'global', pooled: { accuracy: 50 } })
  })
})

describe('scores after matching', () => {
  it('are 100 for the truth under other names', () => {
    fc.assert(
      fc.property(anySequences, sequences => {
        const renamed = sequences.map(({ truth }) => ({ truth, predicted: truth.map(label => 40 - label) }))
        for (const matching of ['global', 'per-video'] as const) {
          const { pooled, perVideo } = clusteringScores(renamed, matching, [0])
          expect([pooled.accuracy, perVideo.accuracy, pooled.edit, perVideo.edit]).toEqual([100, 100, 100, 100])
          expect(pooled.f1At50 ?? 100).toBe(100)
        }
      }),
    )
  })

  it('do not depend on what the clusters are called', () => {
    fc.assert(
      fc.property(anySequences, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (sequences, names) => {
        const renamed = sequences.map(({ truth, predicted }) => ({ truth, predicted: predicted.map(c => names[c]!) }))
        for (const matching of ['global', 'per-video'] as const) {
          const accuracy = clusteringScores(renamed, matching, []).pooled.accuracy!
          expect(accuracy).toBeCloseTo(clusteringScores(sequences, matching, []).pooled.accuracy!, 10)
        }
      }),
    )
  })

  it('agree on no fewer frames than the names as they are, and per video on no fewer than for all', () => {
    fc.assert(
      fc.property(anySequences, sequences => {
        const plain = segmentationScores(sequences, []).pooled.accuracy!
        const together = clusteringScores(sequences, 'global', []).pooled.accuracy!
        const each = clusteringScores(sequences, 'per-video', []).pooled.accuracy!
        expect(together).toBeGreaterThanOrEqual(plain)
        expect(each).toBeGreaterThanOrEqual(together)
      }),
    )
  })

  it('need as many clusters as labels', () => {
    const torn = { truth: labels('11'), predicted: labels('1') }
    expect(() => clusteringScores([torn], 'global', [])).toThrow(/sequence=0, truth=2, predicted=1/)
  })
})
