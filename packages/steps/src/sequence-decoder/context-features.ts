import { BLOCKS_A_STEP } from './time-blocks.ts'

/** A span of blocks around the block in hand, both ends included. */
type Span = readonly [from: number, to: number]

/** Where the log-probabilities are averaged: the block itself, and a quarter of a step to either side. */
const OF_LOGS: readonly Span[] = [
  [0, 0],
  [-3, 3],
]
/** Where probabilities are averaged: about a step, the steps beside it, and those two to four steps away. */
const OF_PROBABILITIES: readonly Span[] = [
  [-8, 8],
  [-18, -6],
  [6, 18],
  [-48, -18],
  [18, 48],
]
/** Log-probabilities below this tell nothing more; the divisor brings them to the size of the other features. */
const LEAST_LOG = -7
const LOG_UNIT = 3
/** Time spent in a class before or after, in steps, beyond which more of it says no more. */
const MOST_STEPS = 1.5
const POSITIONS = 5

export function contextFeatureCount(classCount: number): number {
  return (OF_LOGS.length + OF_PROBABILITIES.length + 4) * classCount + POSITIONS
}

/**
 * What a block sees of its recording, `[block, feature]`, from log-probabilities `[block, class]`: evidence near and
 * far; for every class how long it takes before and after, and how sure it is that it comes at all there; a constant,
 * the place in the recording, and how near its start and end are. What has been done already, and what still comes, is
 * what tells steps apart that look the same.
 */
export function contextFeatures(logProbabilities: Float64Array, classCount: number): Float32Array {
  const count = logProbabilities.length / classCount
  const featureCount = contextFeatureCount(classCount)
  const features = new Float32Array(count * featureCount)
  const probabilities = logProbabilities.map(Math.exp)
  const logs = logProbabilities.map(value => Math.max(LEAST_LOG, value) / LOG_UNIT)
  const steady = spanMeans(probabilities, classCount, OF_LOGS[1]!)
  const columns = [
    ...OF_LOGS.map(span => spanMeans(logs, classCount, span)),
    ...OF_PROBABILITIES.map(span => spanMeans(probabilities, classCount, span)),
    timeBefore(probabilities, classCount),
    reversed(timeBefore(reversed(probabilities, classCount), classCount), classCount),
    surestBefore(steady, classCount),
    reversed(surestBefore(reversed(steady, classCount), classCount), classCount),
  ]
  for (let block = 0; block < count; block++) {
    const row = features.subarray(block * featureCount, (block + 1) * featureCount)
    for (const [index, column] of columns.entries())
      row.set(column.subarray(block * classCount, (block + 1) * classCount), index * classCount)
    const place = block / count
    const near = (blocks: number) => Math.exp(-blocks / BLOCKS_A_STEP)
    row.set([1, place, place * place, near(block), near(count - 1 - block)], columns.length * classCount)
  }
  return features
}

/** Means over a span around each block, of those of its blocks that the recording has; 0 where it has none. */
function spanMeans(values: Float64Array, classCount: number, [from, to]: Span): Float64Array {
  const count = values.length / classCount
  const sums = runningSums(values, classCount)
  const means = new Float64Array(values.length)
  for (let block = 0; block < count; block++) {
    const first = Math.min(count, Math.max(0, block + from))
    const end = Math.min(count, Math.max(0, block + to + 1))
    for (let k = 0; k < classCount && end > first; k++) {
      means[block * classCount + k] = (sums[end * classCount + k]! - sums[first * classCount + k]!) / (end - first)
    }
  }
  return means
}

/** Expected time in each class until a step ago, in steps. */
function timeBefore(probabilities: Float64Array, classCount: number): Float64Array {
  const sums = runningSums(probabilities, classCount)
  return probabilities.map((_, at) => {
    const until = at - (BLOCKS_A_STEP - 1) * classCount
    return until > 0 ? Math.min(MOST_STEPS, sums[until]! / BLOCKS_A_STEP) : 0
  })
}

/** The largest probability of each class until a step ago. */
function surestBefore(steady: Float64Array, classCount: number): Float64Array {
  const surest = new Float64Array(steady.length)
  for (let at = BLOCKS_A_STEP * classCount; at < steady.length; at++) {
    surest[at] = Math.max(surest[at - classCount]!, steady[at - BLOCKS_A_STEP * classCount]!)
  }
  return surest
}

/** Sums over the blocks before each one, `[block + 1, class]`. */
function runningSums(values: Float64Array, classCount: number): Float64Array {
  const sums = new Float64Array(values.length + classCount)
  for (let at = 0; at < values.length; at++) sums[at + classCount] = sums[at]! + values[at]!
  return sums
}

function reversed(values: Float64Array, classCount: number): Float64Array {
  const turned = new Float64Array(values.length)
  for (let row = 0; row < values.length; row += classCount) {
    turned.set(values.subarray(row, row + classCount), values.length - classCount - row)
  }
  return turned
}
