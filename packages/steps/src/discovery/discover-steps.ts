import { pelt } from '../change-points/pelt.ts'
import { squaredErrorCosts } from '../change-points/squared-error-costs.ts'
import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import type { CycleStart } from './cycle-start.ts'

/** The step of time in which work waits. */
export const NO_STEP = 0

/**
 * A change between steps takes at least this share off the variance of a mean cycle's work. Of seven steps of two
 * synthetic works .03 found 7 and 8, .05 7 and 6, .02 9 and 11.
 */
const LEAST_SHARE = 0.03

/** A step is no shorter than this, nor than this share of a cycle. */
const LEAST_SECONDS = 1
const LEAST_PART = 1 / 40

/**
 * The step of each bin of a mean cycle: 1, 2, … in the order of work from its start on, `NO_STEP` where work waits.
 * Steps are the pieces between the changes of the mean cycle (PELT, squared error); a further change must explain a
 * share of the work's variance, which is the criterion for their number. Time that is no step between two steps is not
 * told apart from them.
 */
export function stepsOfBins(
  template: FeatureRows,
  { start: begin, rowSeconds }: { readonly start: CycleStart; readonly rowSeconds: number },
): Int16Array {
  const { bin: startBin, waitBins } = begin
  const binCount = rowCount(template)
  const workBins = Math.max(1, binCount - waitBins)
  const work = turned(template, startBin, workBins)
  const whole = new Float64Array(1)
  squaredErrorCosts(work).endingAt(workBins, Int32Array.of(0), whole)
  const least = Math.max(Math.round(LEAST_SECONDS / rowSeconds), Math.round(binCount * LEAST_PART), 1)
  const options = { penalty: LEAST_SHARE * whole[0]!, leastSize: Math.min(workBins, least) }
  const borders = [0, ...pelt(squaredErrorCosts(work), options), workBins]
  const steps = new Int16Array(binCount)
  for (const [index, start] of borders.slice(0, -1).entries()) {
    for (let i = start; i < borders[index + 1]!; i++) steps[(startBin + i) % binCount] = index + 1
  }
  return steps
}

/** `count` bins of the template from `startBin` on, in double precision. */
function turned({ values, dim }: FeatureRows, startBin: number, count: number) {
  const inOrder = new Float64Array(values.length)
  inOrder.set(values.subarray(startBin * dim))
  inOrder.set(values.subarray(0, startBin * dim), values.length - startBin * dim)
  return { values: inOrder.subarray(0, count * dim), dim }
}
