import { elementCount, type Shape } from '@takt/graph'
import type { Random } from './random.ts'

/**
 * First values of a parameter. Only exactly rounded arithmetic (+ − · / √) is used, never `Math.log` or `Math.cos`,
 * whose last bits depend on the machine.
 */
export type Initialiser = (shape: Shape, random: Random) => Float32Array<ArrayBuffer>

export const zeros: Initialiser = shape => new Float32Array(elementCount(shape))

export const ones: Initialiser = shape => new Float32Array(elementCount(shape)).fill(1)

/** One value everywhere. */
export function filled(value: number): Initialiser {
  return shape => new Float32Array(elementCount(shape)).fill(value)
}

/** Uniform in ±`bound`. */
export function uniformWithin(bound: number): Initialiser {
  return (shape, random) => Float32Array.from({ length: elementCount(shape) }, () => (2 * random() - 1) * bound)
}

/** Uniform in ±√(6 / (fan in + fan out)), for a weight [out, in]: Glorot & Bengio, 2010; as in MAE and VideoMAE. */
export const xavierUniform: Initialiser = (shape, random) => {
  const [fanOut = 1, fanIn = 1] = shape
  return uniformWithin(Math.sqrt(6 / (fanIn + fanOut)))(shape, random)
}

/** Normal of mean 0, cut at ± 2 `deviation`; BERT's and the ViT family's tokens use .02. */
export function truncatedNormal(deviation: number): Initialiser {
  return (shape, random) =>
    Float32Array.from({ length: elementCount(shape) }, () => truncatedStandardNormal(random) * deviation)
}

/** x uniform in [−2, 2) is kept with probability exp(−x²/2), which is two chances of exp(−x²/4). */
function truncatedStandardNormal(random: Random): number {
  for (;;) {
    const x = 4 * random() - 2
    const exponent = (x * x) / 4
    if (trueWithExp(exponent, random) && trueWithExp(exponent, random)) return x
  }
}

/**
 * True with probability exp(−exponent), exponent in [0, 1], by comparisons alone: von Neumann, 1951.
 * A descent exponent > u₁ > … > uₙ has at least n steps with probability exponentⁿ/n!, hence an even number
 * of steps with probability Σ (−exponent)ⁿ/n!.
 */
function trueWithExp(exponent: number, random: Random): boolean {
  let even = true
  for (let [last, u] = [exponent, random()]; u < last; [last, u] = [u, random()]) even = !even
  return even
}
