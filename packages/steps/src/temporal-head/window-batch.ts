import { random } from '@takt/nn'
import { roughlyNormal } from './roughly-normal.ts'
import type { SeenRow } from './score-window.ts'
import type { Augmentation } from './training-windows.ts'
import { warpedOffsets } from './warped-window.ts'
import type { WindowExample } from './window-examples.ts'
import { REACH, WINDOW } from './window-network.ts'
import { normalised } from './window-state.ts'

/** Rows of a window in a batch: one more than a window, so that halving goes on evenly. */
export const BATCH_ROWS = WINDOW + 1

/** How windows are altered; besides, some end early, as at the end of video, where a station knows nothing further. */
export type WindowAugmentation = Augmentation & { readonly endsEarly: number }

/** What one step of training sees: x `[batch, rows, channels]`, mask `[batch, rows, 1]`, targets `[batch, class]`. */
export type WindowBatch = Readonly<Record<'x' | 'mask' | 'targets', Float32Array<ArrayBuffer>>>

/** Examples to draw from, with the weight of each class in the loss. */
export type WindowSource = {
  readonly examples: readonly WindowExample[]
  /** Stations at rest, of which `restingShare` of a batch is drawn. */
  readonly resting: readonly WindowExample[]
  readonly restingShare: number
  readonly classWeights: Float64Array
}

/** Drawn once, and read from a place that is drawn for each row: a draw a value would cost more than learning from it. */
const NOISE = noiseOf(2 ** 13)

function noiseOf(length: number): Float32Array {
  const draw = random(1, 'noise of windows')
  return Float32Array.from({ length }, () => roughlyNormal(draw))
}

/** Draws altered copies of examples. */
export function windowBatch(
  { examples, resting, restingShare, classWeights }: WindowSource,
  { batch, augmentation }: { readonly batch: number; readonly augmentation: WindowAugmentation },
  draw: () => number,
): WindowBatch {
  const channels = examples[0]!.moments.mean.length
  const classCount = classWeights.length
  const x = new Float32Array(batch * BATCH_ROWS * channels)
  const mask = new Float32Array(batch * BATCH_ROWS)
  const targets = new Float32Array(batch * classCount)
  for (let sample = 0; sample < batch; sample++) {
    const source = resting.length > 0 && draw() < restingShare ? resting : examples
    const example = source[Math.floor(draw() * source.length)]!
    const shifts = Float32Array.from({ length: channels }, () => augmentation.channelShift * roughlyNormal(draw))
    const { rows, moments } = example
    for (const [at, position] of alteredPositions(example, augmentation, draw).entries()) {
      const before = rows[Math.floor(position)]
      const after = rows[Math.ceil(position)]
      if (before === undefined || after === undefined) continue
      const share = position - Math.floor(position)
      const place = sample * BATCH_ROWS + at
      mask[place] = 1
      const noiseFrom = Math.floor(draw() * (NOISE.length - channels))
      for (let j = 0; j < channels; j++) {
        const value = before[j]! + share * (after[j]! - before[j]!)
        const z = (value - moments.mean[j]!) * moments.scale
        x[place * channels + j] = z + shifts[j]! + augmentation.noise * NOISE[noiseFrom + j]!
      }
    }
    targets[sample * classCount + example.label] = classWeights[example.label]!
  }
  return { x, mask, targets }
}

/** The rows that an example's score looks at, unaltered and normalised, `[window]`. */
export function windowOf({ rows, step, from, to, moments }: WindowExample): readonly SeenRow[] {
  return Array.from({ length: WINDOW }, (_, k) => {
    const at = step - REACH + k
    const row = at >= from && at < to ? rows[at] : undefined
    return row && normalised(row, moments)
  })
}

/** Where the steps of a window lie, moved in time, and NaN beyond the video or, sometimes, beyond a step ahead. */
function alteredPositions(
  { step, from, to }: WindowExample,
  { warp, endsEarly }: WindowAugmentation,
  draw: () => number,
): Float64Array {
  const last = Math.min(to - 1, draw() < endsEarly ? step + Math.floor(draw() * (REACH + 1)) : Infinity)
  const offsets = warp ? warpedOffsets(warp, draw) : Float64Array.from({ length: WINDOW }, (_, k) => k - REACH)
  return offsets.map(offset => (step + offset >= from && step + offset <= last ? step + offset : Number.NaN))
}
