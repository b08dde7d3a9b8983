import { describe, expect, it } from 'vitest'
import { scoredRecordings } from '../../test/scored-recordings.ts'
import { UNKNOWN } from '../labelled-runs.ts'
import { segmentationScores } from '../metrics/segmentation-scores.ts'
import { type DecoderChoice, fitSequenceDecoder } from './fit-sequence-decoder.ts'
import { decodeByPlainHmm, fitPlainHmm } from './plain-hmm.ts'
import { decodeScores } from './sequence-decoder.ts'

const classCount = 6
const training = scoredRecordings(24, 11)
const tested = scoredRecordings(16, 12)
const choices: readonly DecoderChoice[] = [
  { l2: 3e-3, evidenceWeight: 0.4 },
  { l2: 3e-3, evidenceWeight: 0.8 },
  { l2: null, evidenceWeight: 0.4 },
]

function scoresOf(decode: (scores: Float32Array) => Int16Array) {
  return segmentationScores(
    tested.map(({ scores, labels }) => ({ truth: labels, predicted: decode(scores) })),
    [],
  ).perVideo
}

describe('a sequence decoder', async () => {
  const fitted = await fitSequenceDecoder({ recordings: training, classCount, choices })

  it('decodes recordings it has not seen far better than a plain hidden Markov model', async () => {
    const plain = await fitPlainHmm(training, classCount)
    const [own, rival] = [scoresOf(s => decodeScores(fitted.decoder, s)), scoresOf(s => decodeByPlainHmm(plain, s))]
    for (const figure of ['accuracy', 'edit', 'f1At10', 'f1At25', 'f1At50'] as const)
      expect(own[figure]!).toBeGreaterThan(rival[figure]! + 3)
  })

  it('is the choice that decodes held-out recordings best, and says how well each does', () => {
    expect(fitted.judged.map(({ l2, evidenceWeight }) => ({ l2, evidenceWeight }))).toEqual(choices)
    const sum = ({ heldOut }: (typeof fitted.judged)[number]) =>
      heldOut.accuracy! + heldOut.edit! + heldOut.f1At10! + heldOut.f1At25! + heldOut.f1At50!
    const best = fitted.judged.reduce((a, b) => (sum(b) > sum(a) ? b : a))
    expect(fitted.choice).toEqual({ l2: best.l2, evidenceWeight: best.evidenceWeight })
  })

  it('is the same for probabilities, their logarithms, and logits of any unit', async () => {
    const only = choices.slice(2)
    const as = async (form: (row: readonly number[]) => readonly number[]) => {
      const inForm = (scores: Float32Array) => {
        const rows = Array.from({ length: scores.length / classCount }, (_, t) => [
          ...scores.subarray(t * classCount, (t + 1) * classCount),
        ])
        return Float32Array.from(rows.flatMap(form))
      }
      const recordings = training.map(({ scores, labels }) => ({ scores: inForm(scores), labels }))
      const { decoder } = await fitSequenceDecoder({ recordings, classCount, choices: only })
      return tested.map(({ scores }) => decodeScores(decoder, inForm(scores)))
    }
    const softmax = (row: readonly number[]) => {
      const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0)
      return row.map(logit => Math.exp(logit) / total)
    }
    const logits = await as(row => row)
    expect(await as(row => row.map(logit => 1000 * logit - 7))).toEqual(logits)
    expect(await as(softmax)).toEqual(logits)
    expect(await as(row => softmax(row).map(Math.log))).toEqual(logits)
  })

  it('learns from recordings whose labels have holes', async () => {
    const holed = training
      .slice(0, 8)
      .map(({ scores, labels }) => ({ scores, labels: labels.slice().fill(UNKNOWN, 30, 60) }))
    const { decoder, judged } = await fitSequenceDecoder({ recordings: holed, classCount, choices: choices.slice(1) })
    expect(judged).toHaveLength(2)
    expect(scoresOf(s => decodeScores(decoder, s)).accuracy!).toBeGreaterThan(50)
  })

  it('is fitted on one recording with nothing to compare', async () => {
    const { choice, judged } = await fitSequenceDecoder({ recordings: training.slice(0, 1), classCount, choices })
    expect({ choice, judged }).toEqual({ choice: choices[0], judged: [] })
  })

  it('gives a recording shorter than a block one class', () => {
    expect(new Set(decodeScores(fitted.decoder, tested[0]!.scores.subarray(0, classCount))).size).toBe(1)
  })

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(fitSequenceDecoder({ recordings: training, classCount, signal })).rejects.toThrow('enough')
  })

  it.each([
    ['no recording', [], 'no step is labelled'],
    ['a label too few', [{ ...training[0]!, labels: training[0]!.labels.subarray(1) }], 'recording=0'],
    ['half a row', [{ ...training[0]!, scores: training[0]!.scores.subarray(1) }], 'no rows of one finite value'],
    ['a label of no class', [{ ...training[0]!, labels: training[0]!.labels.map(() => 6) }], 'label=6'],
    ['nothing but unknown labels', [{ ...training[0]!, labels: training[0]!.labels.map(() => UNKNOWN) }], 'no step'],
    ['a score that is no number', [{ ...training[0]!, scores: training[0]!.scores.map(() => Number.NaN) }], 'row=0'],
  ])('refuses %s by name', async (_, recordings, message) => {
    await expect(fitSequenceDecoder({ recordings, classCount })).rejects.toThrow(message)
    if (message.startsWith('row'))
      expect(() => decodeScores(fitted.decoder, recordings[0]!.scores)).toThrow('row=0, class=0, score=NaN')
  })
})
