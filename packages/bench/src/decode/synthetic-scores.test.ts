import { segmentationScores } from '@takt/steps'
import { describe, expect, test } from 'vitest'
import { drawRecordings, hardScores, scoredClassCount } from './synthetic-scores.ts'

describe('synthetic scores', () => {
  const recordings = drawRecordings(hardScores, { count: 12, seed: 1 })

  test('are the same for the same seed, and others for another', () => {
    expect(drawRecordings(hardScores, { count: 2, seed: 1 })[1]).toEqual(recordings[1])
    expect(drawRecordings(hardScores, { count: 1, seed: 2 })[0]).not.toEqual(recordings[0])
  })

  test('are as hard as those of a classifier of single frames: about 60 % right, in far too many pieces', () => {
    const frames = recordings.map(({ scores, labels }) => ({
      truth: labels,
      predicted: Int16Array.from(labels, (_, frame) => {
        const row = scores.subarray(frame * scoredClassCount, (frame + 1) * scoredClassCount)
        return row.indexOf(Math.max(...row))
      }),
    }))
    const { accuracy, edit, f1At50 } = segmentationScores(frames, []).perVideo
    expect(accuracy).toBeGreaterThan(45)
    expect(accuracy).toBeLessThan(70)
    expect(edit).toBeLessThan(50)
    expect(f1At50).toBeLessThan(45)
  })
})
