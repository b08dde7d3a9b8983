import { assembleHead, type StepHead } from '../src/step-head.ts'
import { seededRandom } from './synthetic.ts'

/** A head of random laws on two-dimensional features: for decoder tests that ask about form, not skill. */
export function tinyHead(
  seed: number,
  classCount = 3,
  maxSteps = 24,
  lag = { lookAheadSteps: 2, lagSteps: 4 },
): StepHead {
  const { uniform, normal } = seededRandom(seed)
  const dim = 2
  const vector = (length: number, value: () => number) => Float32Array.from({ length }, value)
  return assembleHead({
    classes: ['background', ...Array.from({ length: classCount - 1 }, (_, index) => `step ${index + 1}`)],
    views: ['front', 'side'].map(viewId => ({
      viewId,
      normaliser: {
        halfLifeSteps: 12,
        priorWeight: 6,
        varianceFloor: 0.1,
        priorMean: vector(dim, normal),
        priorDeviation: vector(dim, () => 0.5 + uniform()),
      },
      weights: vector(classCount * dim, () => 2 * normal()),
      biases: vector(classCount, normal),
      temperature: 1,
    })),
    durations: { maxSteps, hazards: vector(classCount * maxSteps, () => 0.05 + 0.5 * uniform()) },
    transitions: {
      next: randomTransitions(classCount, uniform),
      initial: normalised(vector(classCount, () => 0.1 + uniform())),
    },
    evidenceWeight: 0.8,
    ...lag,
  })
}

/** Rows of sum 1 with a zero diagonal. */
function randomTransitions(classCount: number, uniform: () => number): Float32Array {
  const rows = Array.from({ length: classCount }, (_, from) => {
    return normalised(Float32Array.from({ length: classCount }, (_, to) => (to === from ? 0 : 0.1 + uniform())))
  })
  return Float32Array.from(rows.flatMap(row => [...row]))
}

function normalised(values: Float32Array): Float32Array {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map(value => value / total)
}
