import type { Run } from './labelled-runs.ts'

/**
 * Durations of each class as hazards h(d) = P(D = d | D ≥ d), d = 1…maxSteps; from maxSteps on, h is constant and the
 * tail geometric.
 */
export type Durations = {
  readonly maxSteps: number
  /** `[class, maxSteps]`. */
  readonly hazards: Float32Array
}

/** Prior of log durations: counts as `meanCount` examples of the mean and `spreadCount` of the spread. */
const PRIOR = { meanCount: 0.25, spreadCount: 4, stepSpread: 0.3, backgroundSpread: 1 } as const

/** Share of occurrences that are interrupted or cut short, and the spread of their log durations. */
export type Irregular = { readonly share: number; readonly spread: number }

const IRREGULAR: Irregular = { share: 0.03, spread: 1.3 }

/** Explicit shapes reach at least a minute and at most twenty; beyond that only the mean is known. */
const REACH = { leastSteps: 240, mostSteps: 4800, quantileZ: 2.6 } as const

export type LogNormal = { readonly mean: number; readonly spread: number }

/**
 * Learns each class's durations from its labelled occurrences, shrunk towards all steps together:
 *   ln D ~ N(m, s²),  m = (Σ y + n₀ m₀)/(n + n₀),  s² = (ν₀ s₀² + Σ(y − ȳ)²)/(ν₀ + n − 1) · (1 + 1/(n + n₀)),
 * the last factor being the predictive spread of a mean known from n examples. A share of irregular occurrences with a
 * broad spread is mixed in. An occurrence cut by the edge of its labelled range counts only where no whole one exists.
 */
export function learnDurations(runs: readonly Run[], classCount: number): Durations {
  const logs = Array.from({ length: classCount }, (_, classIndex) => logDurations(runs, classIndex))
  const ofSteps = logs.slice(1).filter(list => list.length > 0)
  const pooledMean = ofSteps.length === 0 ? Math.log(20) : average(ofSteps.map(average))
  const laws = logs.map((list, classIndex) => {
    return shrunk(list, pooledMean, classIndex === 0 ? PRIOR.backgroundSpread : PRIOR.stepSpread)
  })
  const reach = Math.max(...laws.slice(1).map(law => Math.exp(law.mean + REACH.quantileZ * law.spread)))
  const maxSteps = Math.ceil(Math.min(REACH.mostSteps, Math.max(REACH.leastSteps, reach)))
  const hazards = new Float32Array(classCount * maxSteps)
  for (const [classIndex, law] of laws.entries()) hazards.set(discreteHazards(law, maxSteps), classIndex * maxSteps)
  return { maxSteps, hazards }
}

function logDurations(runs: readonly Run[], classIndex: number): readonly number[] {
  const own = runs.filter(run => run.classIndex === classIndex)
  const whole = own.filter(run => !run.cutStart && !run.cutEnd)
  return (whole.length > 0 ? whole : own).map(run => Math.log(run.end - run.start))
}

/** ln D of one class from ln of its durations, as `learnDurations` has it. */
export function shrunk(logs: readonly number[], pooledMean: number, priorSpread: number): LogNormal {
  const n = logs.length
  const own = n === 0 ? pooledMean : average(logs)
  const squares = logs.reduce((sum, y) => sum + (y - own) ** 2, 0)
  const mean = (n * own + PRIOR.meanCount * pooledMean) / (n + PRIOR.meanCount)
  const variance = (PRIOR.spreadCount * priorSpread ** 2 + squares) / (PRIOR.spreadCount + Math.max(0, n - 1))
  return { mean, spread: Math.sqrt(variance * (1 + 1 / (n + PRIOR.meanCount))) }
}

/** h(d) from S(d) = P(D > d − ½) of the mixture; the last hazard is 1 / mean residual life, which keeps the mean. */
export function discreteHazards(law: LogNormal, maxSteps: number, irregular = IRREGULAR): Float32Array {
  const survival = (d: number): number =>
    d <= 1
      ? 1
      : (1 - irregular.share) * upperTail((Math.log(d - 0.5) - law.mean) / law.spread) +
        irregular.share * upperTail((Math.log(d - 0.5) - law.mean) / Math.max(law.spread, irregular.spread))
  const hazards = new Float32Array(maxSteps)
  for (let d = 1; d < maxSteps; d++) hazards[d - 1] = bounded(1 - survival(d + 1) / survival(d))
  let residualLife = 0
  for (let d = maxSteps; d < 40 * maxSteps; d++) residualLife += survival(d)
  hazards[maxSteps - 1] = bounded(survival(maxSteps) / residualLife)
  return hazards
}

/** Hazards stay inside (0, 1): no duration is impossible, and none is certain. */
function bounded(hazard: number): number {
  return Math.min(0.5, Math.max(1e-6, Number.isFinite(hazard) ? hazard : 0))
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** 1 − Φ(z), relative error below 1.2e-7 (Numerical Recipes' erfc fit). */
function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + x / 2)
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
  ]
  const poly = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0)
  const tail = 0.5 * t * Math.exp(-x * x + poly)
  return z >= 0 ? tail : 1 - tail
}
