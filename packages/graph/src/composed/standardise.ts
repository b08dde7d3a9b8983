import { add } from '../ops/add.ts'
import { div } from '../ops/div.ts'
import { mean } from '../ops/mean.ts'
import { mul } from '../ops/mul.ts'
import { scalarOf } from '../ops/scalar.ts'
import { sqrt } from '../ops/sqrt.ts'
import { sub } from '../ops/sub.ts'
import type { Tensor } from '../tensor.ts'

export interface StandardiseOptions {
  readonly axes: readonly number[]
  /** Added to the variance. */
  readonly epsilon: number
}

export interface Standardised {
  readonly normalised: Tensor
  /** The next three keep `axes` as sizes of 1. */
  readonly average: Tensor
  /** Of the population: divided by n. */
  readonly variance: Tensor
  /** √(variance + ε) */
  readonly deviation: Tensor
}

/** x̂ = (x − μ) / √(σ² + ε), with μ and σ² over `axes`. */
export function standardise(x: Tensor, { axes, epsilon }: StandardiseOptions): Standardised {
  const average = mean(x, axes, { keepAxes: true })
  const centred = sub(x, average)
  const variance = mean(mul(centred, centred), axes, { keepAxes: true })
  const deviation = sqrt(add(variance, scalarOf(x, epsilon)))
  return { normalised: div(centred, deviation), average, variance, deviation }
}
