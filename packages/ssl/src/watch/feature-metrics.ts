import type { TensorValue } from '@takt/graph'
import { effectiveRank } from './effective-rank.ts'

/** What the features of a step's clips say of whether an encoder still tells clips apart. */
export interface FeatureMetrics {
  /** RankMe: about as many dimensions are used. */
  readonly effectiveRank: number
  /** How far a dimension spreads among clips at one time and place, over the features' root mean square. */
  readonly spread: number
  /** Share of all variance that time and place alone explain, whatever the clip: 1 where an encoder knows nothing else. */
  readonly placeShare: number
  /** Mean ‖a − b‖² of two views of a clip, features of length 1; null where there is one view. */
  readonly alignment: number | null
  /** log mean exp(−2·‖x − y‖²) of two clips at one time and place; 0 where all are the same, −4 where they are far apart. */
  readonly uniformity: number
}

/**
 * Of `features` as a trainer collects them, [steps, views, batch, times, places, dim], those of the last step. Alignment
 * and uniformity are Wang & Isola's, "Understanding Contrastive Representation Learning through Alignment and Uniformity on
 * the Hypersphere", ICML 2020.
 */
export function featureMetrics({ shape, data }: Pick<TensorValue, 'shape' | 'data'>): FeatureMetrics {
  const [, views, batch, times, places, dim] = shape as [number, number, number, number, number, number]
  const spots = times * places
  const size = batch * spots * dim
  const last = (data as Float32Array).subarray(data.length - views * size)
  const first = last.subarray(0, size)
  const view = { features: first, batch, spots, dim }
  const [first1, ...others] = Array.from({ length: views }, (_, i) =>
    unitRows(last.subarray(i * size, (i + 1) * size), dim),
  )
  return {
    effectiveRank: effectiveRank(first, dim),
    ...spreads(view),
    alignment: others[0] ? alignment(first1!, others[0], dim) : null,
    uniformity: uniformity({ ...view, features: first1! }),
  }
}

/** Features [batch, spots, dim]; a spot is a time and a place. */
interface View {
  readonly features: Float32Array
  readonly batch: number
  readonly spots: number
  readonly dim: number
}

/** Variance within a spot, between clips, and all variance; both over all dimensions. */
function spreads({ features, batch, spots, dim }: View): Pick<FeatureMetrics, 'spread' | 'placeShare'> {
  const stride = spots * dim
  const centre = new Float64Array(dim)
  let [within, power] = [0, 0]
  const spotMeans = new Float64Array(stride)
  for (let i = 0; i < stride; i++) {
    let sum = 0
    for (let clip = 0; clip < batch; clip++) sum += features[clip * stride + i]!
    const mean = sum / batch
    spotMeans[i] = mean
    centre[i % dim]! += mean / spots
    for (let clip = 0; clip < batch; clip++) {
      const value = features[clip * stride + i]!
      within += (value - mean) ** 2
      power += value ** 2
    }
  }
  let between = 0
  for (let i = 0; i < stride; i++) between += batch * (spotMeans[i]! - centre[i % dim]!) ** 2
  return {
    spread: power > 0 ? Math.sqrt(within / power) : 0,
    placeShare: within + between > 0 ? between / (within + between) : 1,
  }
}

function alignment(a: Float32Array, b: Float32Array, dim: number): number {
  return (squaredDistance(a, b) * dim) / a.length
}

function uniformity({ features, batch, spots, dim }: View): number {
  const at = (clip: number, spot: number) =>
    features.subarray((clip * spots + spot) * dim, (clip * spots + spot + 1) * dim)
  let [sum, pairs] = [0, 0]
  for (let spot = 0; spot < spots; spot++) {
    for (let i = 0; i < batch; i++) {
      for (let j = i + 1; j < batch; j++) {
        sum += Math.exp(-2 * squaredDistance(at(i, spot), at(j, spot)))
        pairs++
      }
    }
  }
  return pairs > 0 ? Math.log(sum / pairs) : 0
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2
  return sum
}

function unitRows(features: Float32Array, dim: number): Float32Array {
  const unit = Float32Array.from(features)
  for (let row = 0; row < unit.length; row += dim) {
    let power = 0
    for (let i = row; i < row + dim; i++) power += unit[i]! ** 2
    const scale = power > 0 ? 1 / Math.sqrt(power) : 0
    for (let i = row; i < row + dim; i++) unit[i]! *= scale
  }
  return unit
}
