/** The optimisers on plain numbers, one parameter at a time, as their papers write them: what the graphs must equal. */

export interface PlainStep {
  readonly p: readonly number[]
  readonly g: readonly number[]
  readonly rate: number
  /** 0 for a parameter without decay. */
  readonly decay: number
  /** From 1. */
  readonly t: number
}

/** A step of one parameter, which remembers its own moments. */
export type PlainOptimiser = (step: PlainStep) => readonly number[]

export function plainAdamW(beta1: number, beta2: number, epsilon: number): PlainOptimiser {
  const [m, v]: [number[], number[]] = [[], []]
  return ({ p, g, rate, decay, t }) =>
    p.map((value, i) => {
      m[i] = beta1 * (m[i] ?? 0) + (1 - beta1) * g[i]!
      v[i] = beta2 * (v[i] ?? 0) + (1 - beta2) * g[i]! ** 2
      const [first, second] = [m[i]! / (1 - beta1 ** t), v[i]! / (1 - beta2 ** t)]
      return value - rate * (first / (Math.sqrt(second) + epsilon) + decay * value)
    })
}

export function plainSgd(momentum: number): PlainOptimiser {
  const b: number[] = []
  return ({ p, g, rate, decay }) =>
    p.map((value, i) => {
      b[i] = momentum * (b[i] ?? 0) + g[i]! + decay * value
      return value - rate * b[i]!
    })
}

/** `adaptive` is false for a parameter without a rate of its own. */
export function plainLars(momentum: number, trust: number, adaptive: boolean): PlainOptimiser {
  const v: number[] = []
  return ({ p, g, rate, decay }) => {
    const [length, slope] = [Math.hypot(...p), Math.hypot(...g)]
    const own = adaptive && length > 0 && slope > 0 ? (trust * length) / (slope + decay * length) : 1
    return p.map((value, i) => {
      v[i] = momentum * (v[i] ?? 0) + rate * own * (g[i]! + decay * value)
      return value - v[i]!
    })
  }
}
