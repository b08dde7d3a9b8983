import { breathe } from './breathe.ts'

/** A function to minimise: value and gradient at x. */
export type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array }

export type LbfgsOptions = {
  /** Inner product of the space x and the gradient live in; the Euclidean one by default. */
  readonly inner?: (a: Float64Array, b: Float64Array) => number
  readonly maxIterations?: number
  /** Stops when the gradient's norm falls below this share of its first one. */
  readonly tolerance?: number
  readonly signal?: AbortSignal | undefined
}

const MEMORY = 8
const SUFFICIENT_DECREASE = 1e-4

type Pair = { readonly s: Float64Array; readonly y: Float64Array; readonly rho: number }

/**
 * Limited-memory BFGS (Nocedal & Wright, algorithms 7.4 and 7.5) with a backtracking line search, for smooth convex
 * functions. Throws the signal's reason when aborted.
 */
export async function minimise(objective: Objective, start: Float64Array, options: LbfgsOptions = {}) {
  const { inner = euclidean, maxIterations = 100, tolerance = 1e-3, signal } = options
  let x = start
  let { value, gradient } = objective(x)
  const pairs: Pair[] = []
  const target = tolerance * Math.sqrt(inner(gradient, gradient))
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    await breathe(signal)
    if (Math.sqrt(inner(gradient, gradient)) <= target) break
    const direction = descent(gradient, pairs, inner)
    const slope = inner(gradient, direction)
    let rate = pairs.length > 0 ? 1 : Math.min(1, 1 / Math.sqrt(inner(gradient, gradient)))
    let trial = plus(x, rate, direction)
    let at = objective(trial)
    for (let halving = 0; at.value > value + SUFFICIENT_DECREASE * rate * slope && halving < 30; halving++) {
      rate /= 2
      trial = plus(x, rate, direction)
      at = objective(trial)
    }
    if (!(at.value < value)) break
    const s = plus(trial, -1, x)
    const y = plus(at.gradient, -1, gradient)
    const curvature = inner(s, y)
    if (curvature > 1e-12 * inner(y, y)) pairs.push({ s, y, rho: 1 / curvature })
    if (pairs.length > MEMORY) pairs.shift()
    x = trial
    value = at.value
    gradient = at.gradient
  }
  return { x, value }
}

/** −H g by the two-loop recursion, with H₀ = (s·y / y·y) I from the latest pair. */
function descent(
  gradient: Float64Array,
  pairs: readonly Pair[],
  inner: (a: Float64Array, b: Float64Array) => number,
): Float64Array {
  let q: Float64Array = gradient
  const alphas: number[] = []
  for (const { s, y, rho } of pairs.toReversed()) {
    const alpha = rho * inner(s, q)
    alphas.unshift(alpha)
    q = plus(q, -alpha, y)
  }
  const latest = pairs.at(-1)
  const scale = latest === undefined ? 1 : 1 / (latest.rho * inner(latest.y, latest.y))
  let r: Float64Array = q.map(value => value * scale)
  for (const [index, { s, y, rho }] of pairs.entries()) r = plus(r, alphas[index]! - rho * inner(y, r), s)
  return r.map(value => -value)
}

function plus(a: Float64Array, scale: number, b: Float64Array): Float64Array {
  const sum = new Float64Array(a.length)
  for (let i = 0; i < a.length; i++) sum[i] = a[i]! + scale * b[i]!
  return sum
}

function euclidean(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
