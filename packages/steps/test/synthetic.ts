import type { TimeStep } from '../src/time-step.ts'

/** A seeded source of numbers: uniform in [0, 1) and standard normal. */
export type Random = { readonly uniform: () => number; readonly normal: () => number }

/** mulberry32 with Box–Muller on top. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal }
}

/** How a synthetic bench behaves. */
export type Bench = {
  readonly seed: number
  readonly steps: number
  readonly dim: number
  /** Mean duration of a step, in time steps. */
  readonly meanSteps: number
  /** Standard deviation of the log duration. */
  readonly spread: number
  /** Deviation of a feature around its step's prototype, which has deviation 1. */
  readonly noise: number
  /** How strongly neighbouring steps' noise resembles each other, 0 to 1. */
  readonly noiseMemory: number
  /** Slow change of every feature, in deviations of a prototype a minute. */
  readonly driftPerMinute: number
  /** Chance of a pause after a step. */
  readonly pauseChance: number
  /** Chance that two neighbouring steps of a cycle change places. */
  readonly swapChance: number
}

export const BENCH: Bench = {
  seed: 1,
  steps: 6,
  dim: 96,
  meanSteps: 18,
  spread: 0.2,
  noise: 2.5,
  noiseMemory: 0.7,
  driftPerMinute: 0,
  pauseChance: 0.3,
  swapChance: 0.1,
}

export type SyntheticRecording = { readonly steps: TimeStep[]; readonly labels: Int16Array }

/**
 * A recording of `cycles` cycles: each step has a prototype, fixed by `bench.seed`; durations, order, pauses and noise
 * come from `seed`, so that two recordings of one bench differ. Light drifts along one fixed direction.
 */
export function recordBench(bench: Bench, cycles: number, seed: number): SyntheticRecording {
  const fixed = seededRandom(bench.seed)
  const vector = () => Float32Array.from({ length: bench.dim }, fixed.normal)
  const prototypes = Array.from({ length: bench.steps + 1 }, vector)
  const drift = vector()
  const random = seededRandom(seed)
  const labels = Int16Array.from(workLabels(bench, cycles, random))
  let noise = Float32Array.from({ length: bench.dim }, random.normal)
  const fresh = Math.sqrt(1 - bench.noiseMemory ** 2)
  const steps = Array.from(labels, (label, at): TimeStep => {
    noise = noise.map(value => bench.noiseMemory * value + fresh * random.normal())
    const moved = (bench.driftPerMinute * at) / 240
    const x = prototypes[label]!.map((value, j) => value + bench.noise * noise[j]! + moved * drift[j]!)
    return { kind: 'observed', views: { front: x } }
  })
  return { steps, labels }
}

/** The names of a bench's classes. */
export function benchClasses(bench: Bench): string[] {
  return ['background', ...Array.from({ length: bench.steps }, (_, index) => `step ${index + 1}`)]
}

function workLabels(bench: Bench, cycles: number, random: Random): number[] {
  const labels: number[] = []
  const rest = (mean: number) => labels.push(...Array<number>(duration(mean, 0.5, random)).fill(0))
  rest(8)
  for (let cycle = 0; cycle < cycles; cycle++) {
    for (const step of cycleOrder(bench, random)) {
      labels.push(
        ...Array<number>(duration(bench.meanSteps * (0.6 + (0.8 * step) / bench.steps), bench.spread, random)).fill(
          step,
        ),
      )
      if (random.uniform() < bench.pauseChance) rest(8)
    }
    rest(12)
  }
  return labels
}

function cycleOrder(bench: Bench, random: Random): number[] {
  const order = Array.from({ length: bench.steps }, (_, index) => index + 1)
  for (let at = 1; at < order.length - 1; at++) {
    if (random.uniform() < bench.swapChance) [order[at], order[at + 1]] = [order[at + 1]!, order[at]!]
  }
  return order
}

function duration(mean: number, spread: number, random: Random): number {
  return Math.max(2, Math.round(mean * Math.exp(spread * random.normal())))
}
