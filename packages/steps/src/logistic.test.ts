import { describe, expect, it } from 'vitest'
import { seededRandom } from '../test/synthetic.ts'
import { gramMatrix } from './gram.ts'
import { balancedWeights, fitLogistic } from './logistic.ts'

const { normal } = seededRandom(5)
const DIM = 40
const CLASSES = 3
const labels = Int16Array.from({ length: 67 }, (_, i) => (i < 40 ? 0 : i < 55 ? 1 : 2))
const centres = Array.from({ length: CLASSES }, () => Float32Array.from({ length: DIM }, normal))
const rows = Array.from(labels, label => centres[label]!.map(value => value + 2 * normal()))

describe('gramMatrix', () => {
  it('holds the scaled inner products of all pairs and a constant feature', async () => {
    const gram = await gramMatrix(rows)
    for (const [i, a] of rows.entries()) {
      for (const [j, b] of rows.entries()) {
        const product = a.reduce((sum, value, f) => sum + value * b[f]!, 0)
        expect(gram[i * rows.length + j]).toBeCloseTo(product / DIM + 1, 4)
      }
    }
  })
})

describe('fitLogistic', () => {
  const l2 = 1e-2

  it('reaches the point where the loss and the penalty pull equally: λ A = w (onehot − softmax)', async () => {
    const gram = await gramMatrix(rows)
    const sampleWeights = balancedWeights(labels, CLASSES)
    const problem = { gram, labels, classCount: CLASSES, sampleWeights, l2, tolerance: 1e-5 }
    const { coefficients, logits } = await fitLogistic(problem)
    const count = labels.length
    for (let i = 0; i < count; i++) {
      const scores = [0, 1, 2].map(k => logits[k * count + i]!)
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0)
      for (const [k, score] of scores.entries()) {
        const pull = sampleWeights[i]! * ((labels[i] === k ? 1 : 0) - Math.exp(score) / total)
        expect(Math.abs(l2 * coefficients[k * count + i]! - pull)).toBeLessThan(0.01 * sampleWeights[i]!)
      }
    }
  })

  it('tells the classes apart', async () => {
    const gram = await gramMatrix(rows)
    const sampleWeights = balancedWeights(labels, CLASSES)
    const { logits } = await fitLogistic({ gram, labels, classCount: CLASSES, sampleWeights, l2 })
    const right = labels.filter((label, i) => [0, 1, 2].every(k => logits[label * 67 + i]! >= logits[k * 67 + i]!))
    expect(right.length).toBeGreaterThanOrEqual(65)
  })

  it('learns nothing from a sample that is held out, and scores it all the same', async () => {
    const gram = await gramMatrix(rows)
    const isHeldOut = (sample: number) => sample % 5 === 0
    const sampleWeights = balancedWeights(labels, CLASSES, sample => (isHeldOut(sample) ? 0 : 1))
    const fit = await fitLogistic({ gram, labels, classCount: CLASSES, sampleWeights, l2 })
    const swapped = labels.map((label, sample) => (isHeldOut(sample) ? (label + 1) % CLASSES : label))
    const again = await fitLogistic({ gram, labels: swapped, classCount: CLASSES, sampleWeights, l2 })
    expect(again.logits).toEqual(fit.logits)
    expect(fit.coefficients[0]).toBe(0)
    expect(fit.logits[0]).not.toBe(0)
  })

  it('lets a sample of a tenth of the importance weigh a tenth beside its own class, and no class less', () => {
    const weights = balancedWeights(Int16Array.of(0, 0, 1), 2, sample => (sample === 0 ? 0.1 : 1))
    expect(weights[0]! / weights[1]!).toBeCloseTo(0.1, 12)
    expect(weights[0]! + weights[1]!).toBeCloseTo(weights[2]!, 12)
  })

  it('gives every class the same say, however rare', () => {
    const weights = balancedWeights(labels, CLASSES)
    for (const k of [0, 1, 2]) {
      const total = weights.reduce((sum, weight, i) => sum + (labels[i] === k ? weight : 0), 0)
      expect(total).toBeCloseTo(1 / 3, 12)
    }
  })
})
