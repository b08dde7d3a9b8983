import type { Durations } from './durations.ts'

/**
 * One duration law in the forms a decoder reads, each `[class, maxSteps]` at index d − 1:
 * hazard h(d), survival S(d) = P(D ≥ d), mass p(d) = S(d) h(d), and their logarithms.
 */
export type DurationLaw = {
  readonly maxSteps: number
  readonly hazard: Float64Array
  readonly survival: Float64Array
  readonly mass: Float64Array
  readonly logSurvival: Float64Array
  readonly logMass: Float64Array
}

/** The law of a step that is seen to begin. */
export function freshLaw({ maxSteps, hazards }: Durations): DurationLaw {
  return lawOf(maxSteps, Float64Array.from(hazards))
}

/**
 * The law of what remains of a step found under way, by renewal theory: P(R = d) ∝ S(d), so h_R(d) = 1 / m(d) with the
 * mean residual life m(d) = Σ_{u ≥ d} S(u) / S(d) = 1 + (1 − h(d)) m(d + 1). It sums out the time already elapsed.
 */
export function residualLaw({ maxSteps, hazard }: DurationLaw): DurationLaw {
  const residual = new Float64Array(hazard.length)
  for (let row = 0; row < hazard.length; row += maxSteps) {
    let life = 1 / hazard[row + maxSteps - 1]!
    for (let at = row + maxSteps - 1; at >= row; at--) {
      if (at < row + maxSteps - 1) life = 1 + (1 - hazard[at]!) * life
      residual[at] = 1 / life
    }
  }
  return lawOf(maxSteps, residual)
}

/** h(d) at any elapsed time: constant from maxSteps on. */
export function hazardAt(law: DurationLaw, classIndex: number, elapsed: number): number {
  return law.hazard[classIndex * law.maxSteps + Math.min(elapsed, law.maxSteps) - 1]!
}

function lawOf(maxSteps: number, hazard: Float64Array): DurationLaw {
  const survival = new Float64Array(hazard.length)
  for (let at = 0; at < hazard.length; at++) {
    survival[at] = at % maxSteps === 0 ? 1 : survival[at - 1]! * (1 - hazard[at - 1]!)
  }
  const mass = survival.map((s, at) => s * hazard[at]!)
  return { maxSteps, hazard, survival, mass, logSurvival: survival.map(Math.log), logMass: mass.map(Math.log) }
}
