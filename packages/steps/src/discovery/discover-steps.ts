import { pelt } from '../change-points/pelt.ts'
import { squaredErrorCosts } from '../change-points/squared-error-costs.ts'
import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import type { CycleStart } from './cycle-start.ts'

/** The background, and the first step of a cycle. */
export const NO_STEP = 0

/** A change between steps takes at least this share off the variance of the mean cycle. */
const LEAST_SHARE = 0.03

/** A step is no shorter than this, nor than this share of a cycle. */
const LEAST_SECONDS = 1
const LEAST_PART = 1 / 40

/**
 * The step of each bin of a mean cycle: 1, 2, … in the order of work from its start on, `NO_STEP` where work waits.
 * Steps are the pieces between the changes of the mean cycle (PELT, squared error); a further change must explain a
 * share of the cycle's variance, which is the criterion for their number. What is shown while cycles wait is no step,
 * wherever it is shown.
 */
export function stepsOfBins(
  template: FeatureRows,
  { start: begin, rowSeconds }: { readonly start: CycleStart; readonly rowSeconds: number },
): Int16Array {
  const { bin: startBin, waitBins } = begin
  const binCount = rowCount(template)
  const turned = turn(template, startBin)
  const whole = new Float64Array(1)
  squaredErrorCosts(turned).endingAt(binCount, Int32Array.of(0), whole)
  const leastSize = Math.min(
    binCount,
    Math.max(Math.round(LEAST_SECONDS / rowSeconds), Math.round(binCount * LEAST_PART), 1),
  )
  const changes = pelt(squaredErrorCosts(turned), { penalty: LEAST_SHARE * whole[0]!, leastSize })
  const borders = [0, ...changes, binCount]
  const waiting = binCount - waitBins
  const steps = new Int16Array(binCount)
  let step = 0
  for (const [index, start] of borders.slice(0, -1).entries()) {
    const end = Math.min(borders[index + 1]!, waiting)
    if (start >= waiting) break
    step++
    for (let i = start; i < end; i++) steps[(startBin + i) % binCount] = step
  }
  return steps
}

/** The template from its start on, in double precision. */
function turn({ values, dim }: FeatureRows, startBin: number) {
  const turned = new Float64Array(values.length)
  turned.set(values.subarray(startBin * dim))
  turned.set(values.subarray(0, startBin * dim), values.length - startBin * dim)
  return { values: turned, dim }
}
