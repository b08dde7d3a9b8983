import type { ScoredRecording } from '../src/sequence-decoder/scored-recording.ts'
import { seededRandom } from './synthetic.ts'

/**
 * Recordings of six steps in two orders, of about 40 frames each. Steps 1 and 4 look alike, a third of all steps look
 * like any other one throughout, and single frames flicker.
 */
export function scoredRecordings(count: number, seed: number): readonly ScoredRecording[] {
  const { uniform, normal } = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const order = uniform() < 0.5 ? [0, 1, 2, 3, 4, 5] : [0, 3, 4, 1, 2, 5]
    const labels: number[] = []
    const scores: number[] = []
    for (const step of order) {
      const seen = uniform() < 0.35 ? Math.floor(6 * uniform()) : step
      for (let frames = Math.round(40 * Math.exp(0.3 * normal())); frames > 0; frames--) {
        labels.push(step)
        const logits = Array.from({ length: 6 }, (_, k) => (k === seen ? 2 : 0) + normal())
        if (seen === 1 || seen === 4) logits[5 - seen] = logits[seen]! + 0.5 * normal()
        scores.push(...logits)
      }
    }
    return { scores: Float32Array.from(scores), labels: Int16Array.from(labels) }
  })
}
