import { hazardAt } from './duration-law.ts'
import { lawFrom, type Window } from './window.ts'

/** Posterior of a window given all its evidence, each `[step, class]`. */
export type Posterior = {
  /** P(a segment of the class starts at the step). */
  readonly starts: Float64Array
  /** P(a segment of the class ends with the step). */
  readonly ends: Float64Array
  /** P(the step belongs to the class). */
  readonly occupancy: Float64Array
}

/**
 * Forward–backward of the explicit-duration model over a window, by segment borders (Yu & Kobayashi 2003):
 *   in_u(k)  = Σ_j out_{u−1}(j) A(j,k)      out_v(k)  = Σ_{u ≤ v} in_u(k) Π_{u..v} b(k) p_k(v−u+1)
 *   on_v(j)  = Σ_k A(j,k) back_{v+1}(k)     back_u(k) = Σ_{v ≥ u} Π_{u..v} b(k) p_k(v−u+1) on_v(k)
 * where the segment open at the end takes S in place of p. Then
 *   P(start) = in · back / Z,  P(end) = out · on / Z,  P(k at u) = P(k at u−1) + P(start of k at u) − P(end with u−1).
 * Evidence is divided by each step's best class and bounded below, so that the masses of a whole window stay inside a
 * float64. Cost: n² K + 2 n K².
 */
export function smooth(window: Window): Posterior {
  const { head, evidence, anchor } = window
  const n = evidence.length
  const classCount = head.classes.length
  const likelihood = relativeLikelihoods(evidence, classCount)
  const lasting = anchorMass(window, likelihood)
  const { into, out } = forward(window, likelihood, lasting)
  const { back, onward } = backward(window, likelihood)

  // The anchor's whole posterior mass beyond the window's first border: it ends with some step, or never.
  let anchored = lasting.open
  if (anchor !== undefined) {
    for (let v = 0; v < n; v++) anchored += lasting.ending[v]! * onward[v * classCount + anchor.classIndex]!
  }
  const starts = into.map((mass, at) => mass * back[at]!)
  const ends = out.map((mass, at) => mass * onward[at]!)
  let total = anchored
  for (let k = 0; k < classCount; k++) total += starts[k]!
  for (let at = 0; at < starts.length; at++) {
    starts[at]! /= total
    ends[at]! /= total
  }

  const occupancy = starts.slice()
  if (anchor !== undefined) occupancy[anchor.classIndex]! += anchored / total
  for (let at = classCount; at < occupancy.length; at++) {
    const before = at - classCount
    occupancy[at] = Math.min(1, Math.max(0, occupancy[before]! + starts[at]! - ends[before]!))
  }
  return { starts, ends, occupancy }
}

/** What a product over a whole window may shrink to, e^−600, before a float64 loses it. */
const SMALLEST_PRODUCT_LOG = -600

/** exp(evidence − best of its step), `[step, class]`. */
function relativeLikelihoods(evidence: readonly Float32Array[], classCount: number): Float64Array {
  const likelihood = new Float64Array(evidence.length * classCount)
  const least = SMALLEST_PRODUCT_LOG / evidence.length
  for (const [u, scores] of evidence.entries()) {
    const best = scores.reduce((a, b) => Math.max(a, b), -Infinity)
    for (let k = 0; k < classCount; k++) likelihood[u * classCount + k] = Math.exp(Math.max(least, scores[k]! - best))
  }
  return likelihood
}

/** Mass of the anchor ending with each step of the window, and of it still being open at the window's end. */
type AnchorMass = { readonly ending: Float64Array; readonly open: number }

function anchorMass({ head, anchor, evidence }: Window, likelihood: Float64Array): AnchorMass {
  const ending = new Float64Array(evidence.length)
  if (anchor === undefined) return { ending, open: 0 }
  const { law, classIndex, elapsed } = anchor
  let mass = 1
  for (let v = 0; v < ending.length; v++) {
    mass *= (1 - hazardAt(law, classIndex, elapsed + v)) * likelihood[v * head.classes.length + classIndex]!
    ending[v] = mass * hazardAt(law, classIndex, elapsed + v + 1)
  }
  return { ending, open: mass }
}

function forward(window: Window, likelihood: Float64Array, lasting: AnchorMass) {
  const { head, anchor, evidence } = window
  const n = evidence.length
  const classCount = head.classes.length
  const into = new Float64Array(n * classCount)
  const out = new Float64Array(n * classCount)
  into.set(firstStarts(window))
  for (let v = 0; v < n; v++) {
    if (v > 0) {
      for (let j = 0; j < classCount; j++) {
        const mass = out[(v - 1) * classCount + j]!
        for (let k = 0; k < classCount; k++) {
          into[v * classCount + k]! += mass * head.transitions.next[j * classCount + k]!
        }
      }
    }
    for (let k = 0; k < classCount; k++) {
      let product = 1
      let sum = anchor?.classIndex === k ? lasting.ending[v]! : 0
      for (let u = v; u >= 0; u--) {
        const { mass, maxSteps } = lawFrom(window, u)
        product *= likelihood[u * classCount + k]!
        sum += into[u * classCount + k]! * product * mass[k * maxSteps + v - u]!
      }
      out[v * classCount + k] = sum
    }
  }
  return { into, out }
}

/** Mass of each class starting with the window's first step. */
function firstStarts({ head, anchor }: Window): Float64Array {
  if (anchor === undefined) return Float64Array.from(head.transitions.initial)
  const classCount = head.classes.length
  const hazard = hazardAt(anchor.law, anchor.classIndex, anchor.elapsed)
  const row = head.transitions.next.subarray(anchor.classIndex * classCount, (anchor.classIndex + 1) * classCount)
  return Float64Array.from(row, probability => hazard * probability)
}

function backward(window: Window, likelihood: Float64Array) {
  const { head, evidence } = window
  const n = evidence.length
  const classCount = head.classes.length
  const back = new Float64Array(n * classCount)
  const onward = new Float64Array(n * classCount)
  for (let u = n - 1; u >= 0; u--) {
    const { mass, survival, maxSteps } = lawFrom(window, u)
    for (let k = 0; k < classCount; k++) {
      let product = 1
      let sum = 0
      for (let v = u; v < n; v++) {
        product *= likelihood[v * classCount + k]!
        sum += product * mass[k * maxSteps + v - u]! * onward[v * classCount + k]!
      }
      back[u * classCount + k] = sum + product * survival[k * maxSteps + n - 1 - u]!
    }
    if (u === 0) break
    for (let j = 0; j < classCount; j++) {
      let sum = 0
      for (let k = 0; k < classCount; k++) {
        sum += head.transitions.next[j * classCount + k]! * back[u * classCount + k]!
      }
      onward[(u - 1) * classCount + j] = sum
    }
  }
  return { back, onward }
}
