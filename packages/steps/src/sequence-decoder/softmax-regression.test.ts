import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { fitSoftmaxRegression, softmaxRegression } from './softmax-regression.ts'

const { normal } = seededRandom(9)
const features = Float32Array.from({ length: 60 * 5 }, normal)
const labels = Int16Array.from({ length: 60 }, (_, i) => (features[5 * i]! > 0 ? 0 : features[5 * i + 1]! > 0 ? 1 : 2))
const samples = { features, labels, classCount: 3 }

/** Σ −ln p / n + λ ‖W‖² / 2. */
function loss(weights: Float64Array, l2: number): number {
  const logs = softmaxRegression(weights, features, 3)
  const misfit = labels.reduce((sum, label, i) => sum - logs[3 * i + label]! / labels.length, 0)
  return misfit + (l2 / 2) * weights.reduce((sum, weight) => sum + weight * weight, 0)
}

it('finds weights that no small change betters', async () => {
  const l2 = 0.05
  const weights = await fitSoftmaxRegression(samples, { l2 })
  for (let at = 0; at < weights.length; at++) {
    for (const step of [-0.02, 0.02]) {
      const moved = weights.with(at, weights[at]! + step)
      expect(loss(moved, l2)).toBeGreaterThan(loss(weights, l2))
    }
  }
})

it('finds the same weights from another start', async () => {
  const [cold, warm] = await Promise.all([
    fitSoftmaxRegression(samples, { l2: 0.05 }),
    fitSoftmaxRegression(samples, { l2: 0.05, start: new Float64Array(15).fill(0.3) }),
  ])
  for (const [at, weight] of cold.entries()) expect(warm[at]).toBeCloseTo(weight, 2)
})

it('gives logarithms of probabilities', () => {
  const logs = softmaxRegression(Float64Array.from({ length: 15 }, normal), features, 3)
  for (let row = 0; row < logs.length; row += 3) {
    expect(Math.exp(logs[row]!) + Math.exp(logs[row + 1]!) + Math.exp(logs[row + 2]!)).toBeCloseTo(1, 12)
  }
})
