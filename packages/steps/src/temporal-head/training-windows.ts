import { labelledStretches, UNKNOWN } from '../labelled-runs.ts'
import { type FeatureRows, rowCount } from './feature-rows.ts'
import { roughlyNormal } from './roughly-normal.ts'
import { resampleRows, type Warp, warpedPositions } from './time-warp.ts'

/** How copies of the labelled time are made unlike it. */
export type Augmentation = {
  readonly warp: Warp | null
  /** Standard deviation of what a channel of a copy is shifted by, in units of the features' root mean square. */
  readonly channelShift: number
  /** Standard deviation of what is added to every value. */
  readonly noise: number
}

/** A labelled stretch: features `[time, dim]`, targets `[time, class]`. */
export type TrainingStretch = { readonly features: FeatureRows; readonly targets: FeatureRows }

/** A recording as a network sees it, and its labels or `UNKNOWN`, `[time]`. */
export type LabelledRows = { readonly features: FeatureRows; readonly labels: Int16Array }

/** Labelled stretches, each a sequence of its own, with targets that weigh as `classWeights`. */
export function trainingStretches(
  recordings: readonly LabelledRows[],
  { classCount, balance }: { readonly classCount: number; readonly balance: number },
): readonly TrainingStretch[] {
  const weights = classWeights(recordings, classCount, balance)
  return recordings.flatMap(({ features: { values, dim }, labels }) =>
    labelledStretches(labels).map(stretch => {
      const [from, to] = [stretch[0]!.start, stretch.at(-1)!.end]
      const targets = new Float32Array((to - from) * classCount)
      for (const { classIndex, start, end } of stretch) {
        for (let step = start; step < end; step++) {
          targets[(step - from) * classCount + classIndex] = weights[classIndex]!
        }
      }
      return {
        features: { values: values.subarray(from * dim, to * dim), dim },
        targets: { values: targets, dim: classCount },
      }
    }),
  )
}

/** (steps / (classes · steps of the class))^balance: 0 leaves rare steps rare, 1 weighs every class alike. */
export function classWeights(
  recordings: readonly { readonly labels: Int16Array }[],
  classCount: number,
  balance: number,
): Float64Array {
  const counts = new Float64Array(classCount)
  for (const { labels } of recordings) for (const label of labels) if (label !== UNKNOWN) counts[label]!++
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map(count => (count === 0 ? 0 : (total / (classCount * count)) ** balance))
}

/** What one step of training sees: `x` [batch, dim, times], `targets` [batch, class, times], `mask` [batch, 1, times]. */
export type TrainingBatch = Readonly<Record<'x' | 'targets' | 'mask', Float32Array<ArrayBuffer>>>

/** Draws a batch of altered copies of stretches, each cut or filled up to `times` steps. */
export function trainingBatch(
  stretches: readonly TrainingStretch[],
  { batch, times, augmentation }: { batch: number; times: number; augmentation: Augmentation },
  draw: () => number,
): TrainingBatch {
  const [dim, classCount] = [stretches[0]!.features.dim, stretches[0]!.targets.dim]
  const x = new Float32Array(batch * dim * times)
  const targets = new Float32Array(batch * classCount * times)
  const mask = new Float32Array(batch * times)
  for (let sample = 0; sample < batch; sample++) {
    const stretch = stretches[Math.floor(draw() * stretches.length)]!
    const copy = alteredCopy(stretch, augmentation, draw)
    const length = rowCount(copy.features)
    const from = length > times ? Math.floor(draw() * (length - times + 1)) : 0
    const taken = Math.min(times, length)
    transposeInto(x, copy.features, { sample, times, from, taken })
    transposeInto(targets, copy.targets, { sample, times, from, taken })
    mask.fill(1, sample * times, sample * times + taken)
  }
  return { x, targets, mask }
}

function alteredCopy(
  { features, targets }: TrainingStretch,
  { warp, channelShift, noise }: Augmentation,
  draw: () => number,
): TrainingStretch {
  const length = rowCount(features)
  const positions = warp ? warpedPositions(length, warp, draw) : Float64Array.from({ length }, (_, step) => step)
  const copy = resampleRows(features, positions)
  const shifts = Float32Array.from({ length: copy.dim }, () => channelShift * roughlyNormal(draw))
  for (let at = 0; at < copy.values.length; at++) {
    copy.values[at]! += shifts[at % copy.dim]! + noise * roughlyNormal(draw)
  }
  return { features: copy, targets: resampleRows(targets, positions) }
}

type Placed = { readonly sample: number; readonly times: number; readonly from: number; readonly taken: number }

/** Rows `from`, `from + 1`, … as columns of a sample of `into` [batch, dim, times]. */
function transposeInto(into: Float32Array, { values, dim }: FeatureRows, { sample, times, from, taken }: Placed): void {
  for (let j = 0; j < dim; j++) {
    const row = (sample * dim + j) * times
    for (let t = 0; t < taken; t++) into[row + t] = values[(from + t) * dim + j]!
  }
}
