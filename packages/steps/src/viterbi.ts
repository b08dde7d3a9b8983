import { hazardAt } from './duration-law.ts'
import { lawFrom, type Window } from './window.ts'

/** A segment of the best path, `[start, end)` in steps of the window; start −1 is the anchor going on. */
export type PathSegment = { readonly classIndex: number; readonly start: number; readonly end: number }

/**
 * The most probable explicit-duration path through a window. With steps u, v and classes j, k
 *   in_u(k)  = max_j out_{u−1}(j) + ln A(j,k)                             a segment of k starts at u
 *   out_v(k) = max_{u ≤ v} in_u(k) + Σ_{u..v} ln b(k) + ln p_k(v−u+1)      it ends with v
 * and the last segment, still open, takes ln S in place of ln p. Cost: n² K / 2 + n K².
 */
export function bestPath(window: Window): readonly PathSegment[] {
  const { evidence, anchor, head } = window
  const n = evidence.length
  const classCount = head.classes.length
  const lasting = anchorScores(window)
  const trellis = openTrellis(window)
  const { into, sums, out, startedAt } = trellis
  const { logMass, maxSteps } = head.fresh
  const firstLogMass = lawFrom(window, 0).logMass
  for (let v = 0; v < n; v++) {
    if (v > 0) enter(trellis, v, out.subarray((v - 1) * classCount, v * classCount), head.logNext)
    for (let k = 0; k < classCount; k++) {
      const row = k * n
      const sum = sums[k * (n + 1) + v + 1]!
      let best = anchor?.classIndex === k ? lasting.ending[v]! : -Infinity
      let bestStart = -1
      for (let u = 0; u <= v; u++) {
        const score = into[row + u]! + sum + (u === 0 ? firstLogMass : logMass)[k * maxSteps + v - u]!
        if (score <= best) continue
        best = score
        bestStart = u
      }
      out[v * classCount + k] = best
      startedAt[v * classCount + k] = bestStart
    }
  }
  return traceBack(trellis, openSegment(window, trellis, lasting.open))
}

type Trellis = {
  readonly classCount: number
  /** Σ of the evidence before a step, `[class, step]`. */
  readonly sums: Float64Array
  /** Best score of a segment starting at a step, less the evidence before it, `[class, step]`. */
  readonly into: Float64Array
  /** Best score of a segment ending with a step, `[step, class]`. */
  readonly out: Float64Array
  /** Class before a segment that starts at the step, `[step, class]`; −1 where nothing came before. */
  readonly cameFrom: Int16Array
  /** First step of the segment that ends with the step, `[step, class]`; −1 for the anchor. */
  readonly startedAt: Int16Array
}

function openTrellis({ head, anchor, evidence }: Window): Trellis {
  const n = evidence.length
  const classCount = head.classes.length
  const trellis = {
    classCount,
    sums: evidenceSums(evidence, classCount),
    into: new Float64Array(n * classCount).fill(-Infinity),
    out: new Float64Array(n * classCount),
    cameFrom: new Int16Array(n * classCount).fill(-1),
    startedAt: new Int16Array(n * classCount),
  }
  if (anchor === undefined) {
    for (let k = 0; k < classCount && n > 0; k++) trellis.into[k * n] = head.logInitial[k]!
    return trellis
  }
  const before = new Float64Array(classCount).fill(-Infinity)
  before[anchor.classIndex] = Math.log(hazardAt(anchor.law, anchor.classIndex, anchor.elapsed))
  if (n > 0) enter(trellis, 0, before, head.logNext)
  return trellis
}

function evidenceSums(evidence: readonly Float32Array[], classCount: number): Float64Array {
  const n = evidence.length
  const sums = new Float64Array((n + 1) * classCount)
  for (let k = 0; k < classCount; k++) {
    for (let u = 0; u < n; u++) sums[k * (n + 1) + u + 1] = sums[k * (n + 1) + u]! + evidence[u]![k]!
  }
  return sums
}

/** Scores of the anchor ending with each step of the window, and of it still being open at the window's end. */
function anchorScores({ anchor, evidence }: Window): { readonly ending: Float64Array; readonly open: number } {
  const ending = new Float64Array(evidence.length)
  if (anchor === undefined) return { ending, open: -Infinity }
  const { law, classIndex, elapsed } = anchor
  let score = 0
  for (let v = 0; v < ending.length; v++) {
    score += Math.log1p(-hazardAt(law, classIndex, elapsed + v)) + evidence[v]![classIndex]!
    ending[v] = score + Math.log(hazardAt(law, classIndex, elapsed + v + 1))
  }
  return { ending, open: score }
}

/** Starts segments at step u from the scores of the classes that end just before it. */
function enter({ classCount, sums, into, cameFrom }: Trellis, u: number, ended: Float64Array, logNext: Float64Array) {
  const n = into.length / classCount
  for (let k = 0; k < classCount; k++) {
    let best = -Infinity
    for (let j = 0; j < classCount; j++) {
      const score = ended[j]! + logNext[j * classCount + k]!
      if (score <= best) continue
      best = score
      cameFrom[u * classCount + k] = j
    }
    into[k * n + u] = best - sums[k * (n + 1) + u]!
  }
}

/** The open segment that ends the best path: the anchor, unless a segment that starts inside the window beats it. */
function openSegment(window: Window, { into, sums, classCount }: Trellis, anchorOpen: number): PathSegment {
  const { evidence, anchor } = window
  const n = evidence.length
  let best: PathSegment = { classIndex: anchor?.classIndex ?? 0, start: anchor === undefined ? 0 : -1, end: n }
  let bestScore = anchorOpen
  for (let k = 0; k < classCount; k++) {
    const sum = sums[k * (n + 1) + n]!
    for (let u = 0; u < n; u++) {
      const { logSurvival, maxSteps } = lawFrom(window, u)
      const score = into[k * n + u]! + sum + logSurvival[k * maxSteps + n - 1 - u]!
      if (score <= bestScore) continue
      bestScore = score
      best = { classIndex: k, start: u, end: n }
    }
  }
  return best
}

function traceBack({ classCount, cameFrom, startedAt }: Trellis, last: PathSegment): readonly PathSegment[] {
  const path = [last]
  for (let segment = last; segment.start >= 0; ) {
    const classIndex = cameFrom[segment.start * classCount + segment.classIndex]!
    if (classIndex < 0) break
    const start = segment.start === 0 ? -1 : startedAt[(segment.start - 1) * classCount + classIndex]!
    segment = { classIndex, start, end: segment.start }
    path.push(segment)
  }
  return path.reverse()
}
