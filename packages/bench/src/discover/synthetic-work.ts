import { random } from '@takt/nn'

/** How synthetic work misbehaves; chances are a step, a cycle or a second, as they say. */
export interface WorkHabits {
  readonly cycles: number
  /** Of a cycle's steps together, s. */
  readonly seconds: number
  readonly steps: number
  /** Features' noise beside a step's own deviation of 1, half of it lasting from one time step to the next. */
  readonly noise: number
  /** A cycle and each of its steps is longer or shorter by up to this share. */
  readonly jitter: number
  /** Slow change of the features. */
  readonly drift: number
  readonly missingAStep: number
  readonly twiceAStep: number
  readonly pauseACycle: number
  readonly hiddenASecond: number
  /** Share of the steps that show the same as an earlier one. */
  readonly alike: number
  /** Share of the steps that every second cycle does in another way. */
  readonly alternating: number
  /** The recording begins and ends in the middle of a cycle. */
  readonly cut: boolean
}

export interface SyntheticWork {
  readonly vectors: readonly Float32Array[]
  /** True step of each time step, 0 for none. */
  readonly labels: Int16Array
  /** Starts of the whole cycles, and the end of the last one, s. */
  readonly borders: readonly number[]
}

const DIM = 48
const ROWS_PER_SECOND = 4
/** Pictures that a step passes through. */
const KEYS = 5
const MEMORY = 0.7

/** Seeded work of features `[time, 48]` at 4 Hz, as misbehaved as `habits` say. */
export function syntheticWork(habits: WorkHabits, seed: number): SyntheticWork {
  const { cycles, steps, jitter } = habits
  const draw = random(seed, 'synthetic work')
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw())
  const vector = (size = 1) => Float32Array.from({ length: DIM }, () => size * normal())
  const still = vector()
  const path = () => {
    const base = vector(0.7)
    return Array.from({ length: KEYS }, () => base.map(value => value + 0.7 * normal()))
  }
  const usual = Array.from({ length: steps }, path)
  for (let step = 1; step < steps; step++) if (draw() < habits.alike) usual[step] = usual[Math.floor(draw() * step)]!
  const other = usual.map(own => (draw() < habits.alternating ? path() : own))
  const shares = usual.map(() => 0.5 + draw())
  const total = shares.reduce((sum, share) => sum + share, 0)
  const drifts = [vector(habits.drift), vector(0.3 * habits.drift)]

  const vectors: Float32Array[] = []
  const labels: number[] = []
  const borders: number[] = []
  let noise = vector()
  let hidden = { rows: 0, by: still }
  const show = (picture: Float32Array, label: number) => {
    noise = noise.map(value => MEMORY * value + Math.sqrt(1 - MEMORY ** 2) * normal())
    if (draw() < habits.hiddenASecond / ROWS_PER_SECOND) hidden = { rows: 8 + Math.floor(60 * draw()), by: vector(1.5) }
    hidden = { ...hidden, rows: hidden.rows - 1 }
    const seen = hidden.rows > 0 ? hidden.by : picture
    const minutes = vectors.length / ROWS_PER_SECOND / 60
    vectors.push(
      seen.map(
        (value, j) =>
          value + habits.noise * noise[j]! + Math.sin(0.9 * minutes) * drifts[0]![j]! + minutes * drifts[1]![j]!,
      ),
    )
    labels.push(label)
  }
  const wait = (seconds: number) => {
    for (let row = 0; row < seconds * ROWS_PER_SECOND; row++) show(still, 0)
  }
  const work = (keys: readonly Float32Array[], label: number, seconds: number) => {
    const length = Math.max(2, Math.round(seconds * ROWS_PER_SECOND))
    for (let row = 0; row < length; row++) {
      const at = (row / length) * (KEYS - 1)
      const [from, to] = [keys[Math.floor(at)]!, keys[Math.floor(at) + 1]!]
      show(
        from.map((value, j) => value + (at % 1) * (to[j]! - value)),
        label,
      )
    }
  }
  const vary = () => 1 + jitter * (2 * draw() - 1)
  const shown = cycles + (habits.cut ? 2 : 0)
  const [firstFrom, lastTo] = [1 + Math.floor(draw() * (steps - 1)), 1 + Math.floor(draw() * (steps - 2))]
  for (let cycle = 0; cycle < shown; cycle++) {
    const begun = !habits.cut || cycle > 0
    const tempo = vary()
    if (begun) {
      wait(1 + 2 * draw())
      if (draw() < habits.pauseACycle) wait(5 + 25 * draw())
      borders.push(vectors.length / ROWS_PER_SECOND)
    }
    for (const [step, keys] of (cycle % 2 === 0 ? usual : other).entries()) {
      if (!begun && step < firstFrom) continue
      if (habits.cut && cycle === shown - 1 && step >= lastTo) continue
      if (step > 0 && draw() < habits.missingAStep) continue
      const seconds = habits.seconds * (shares[step]! / total) * tempo
      work(keys, step + 1, seconds * vary())
      if (draw() < habits.twiceAStep) work(keys, step + 1, seconds * vary())
    }
  }
  if (!habits.cut) {
    borders.push(vectors.length / ROWS_PER_SECOND)
    wait(1)
  }
  return { vectors, labels: Int16Array.from(labels), borders }
}
