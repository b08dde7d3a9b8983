import type { ViewScorer } from '../src/scorer-kinds.ts'
import { assembleHead, type StepHead } from '../src/step-head.ts'
import { networkOf, networkShapes } from '../src/temporal-head/window-network.ts'
import { type Random, seededRandom } from './synthetic.ts'

/** A head of random laws on two-dimensional features: for decoder tests that ask about form, not skill. */
export function tinyHead(
  seed: number,
  classCount = 3,
  maxSteps = 24,
  lag = { lookAheadSteps: 2, lagSteps: 4 },
): StepHead {
  const random = seededRandom(seed)
  const views = ['front', 'side'].map(viewId => linearScorer(viewId, classCount, random))
  return assembleHead({ ...randomLaws(classCount, maxSteps, random), views, evidenceWeight: 0.8, ...lag })
}

/** The same with a temporal scorer for the front and a linear one for the side. */
export function tinyTemporalHead(seed: number, classCount = 3, lagSteps = 4): StepHead {
  const random = seededRandom(seed)
  const views = [temporalScorer('front', classCount, random), linearScorer('side', classCount, random)]
  const lag = { lookAheadSteps: 16, lagSteps }
  return assembleHead({ ...randomLaws(classCount, 60, random), views, evidenceWeight: 1.5, ...lag })
}

const dim = 2
const vector = (length: number, value: () => number) => Float32Array.from({ length }, value)

function randomLaws(classCount: number, maxSteps: number, { uniform }: Random) {
  return {
    classes: ['background', ...Array.from({ length: classCount - 1 }, (_, index) => `step ${index + 1}`)],
    durations: { maxSteps, hazards: vector(classCount * maxSteps, () => 0.05 + 0.5 * uniform()) },
    transitions: {
      next: randomTransitions(classCount, uniform),
      initial: normalised(vector(classCount, () => 0.1 + uniform())),
    },
  }
}

function linearScorer(viewId: string, classCount: number, { uniform, normal }: Random): ViewScorer {
  return {
    kind: 'linear',
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
  }
}

function temporalScorer(viewId: string, classCount: number, { normal }: Random): ViewScorer {
  const affine = ([outputs, inputs]: readonly [number, number]) => ({
    weights: vector(outputs * inputs, () => normal() / Math.sqrt(inputs)),
    biases: vector(outputs, normal),
  })
  const shapes = networkShapes({ inputs: 3, classes: classCount, maps: 5 })
  return {
    kind: 'temporal',
    viewId,
    projection: affine([3, dim]),
    halfLifeSteps: 30,
    priorWeight: 10,
    varianceFloor: 0.1,
    network: networkOf(path => affine(shapes[path]!)),
    temperature: 0.7,
  }
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
