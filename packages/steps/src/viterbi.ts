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
  for (let v = 0; v < n; v++) {
    if (v > 0) enter(trellis, v, trellis.out.subarray((v - 1) * classCount, v * classCount), head.logNext)
    for (let k = 0; k < classCount; k++) {
      let evidenceSum = 0
      let best = anchor?.classIndex === k ? lasting.ending[v]! : -Infinity
      let bestStart = -1
      for (let u = v; u >= 0; u--) {
        const { logMass, maxSteps } = lawFrom(window, u)
        evidenceSum += evidence[u]![k]!
        const score = trellis.into[u * classCount + k]! + evidenceSum + logMass[k * maxSteps + v - u]!
        if (score <= best) continue
        best = score
        bestStart = u
      }
      trellis.out[v * classCount + k] = best
      trellis.startedAt[v * classCount + k] = bestStart
    }
  }
  return traceBack(trellis, openSegment(window, trellis, lasting.open))
}

type Trellis = {
  readonly classCount: number
  /** Best score of a segment starting at / ending with a step, `[step, class]`. */
  readonly into: Float64Array
  readonly out: Float64Array
  /** Class before a segment that starts at the step; −1 where nothing came before. */
  readonly cameFrom: Int16Array
  /** First step of the segment that ends with the step; −1 for the anchor. */
  readonly startedAt: Int16Array
}

function openTrellis({ head, anchor, evidence }: Window): Trellis {
  const classCount = head.classes.length
  const size = evidence.length * classCount
  const trellis = {
    classCount,
    into: new Float64Array(size).fill(-Infinity),
    out: new Float64Array(size),
    cameFrom: new Int16Array(size).fill(-1),
    startedAt: new Int16Array(size).fill(-1),
  }
  if (anchor === undefined) {
    trellis.into.set(head.logInitial)
    return trellis
  }
  const before = new Float64Array(classCount).fill(-Infinity)
  before[anchor.classIndex] = Math.log(hazardAt(anchor.law, anchor.classIndex, anchor.elapsed))
  enter(trellis, 0, before, head.logNext)
  return trellis
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
function enter(trellis: Trellis, u: number, ended: Float64Array, logNext: Float64Array): void {
  const { classCount, into, cameFrom } = trellis
  for (let j = 0; j < classCount; j++) {
    for (let k = 0; k < classCount; k++) {
      const score = ended[j]! + logNext[j * classCount + k]!
      if (score <= into[u * classCount + k]!) continue
      into[u * classCount + k] = score
      cameFrom[u * classCount + k] = j
    }
  }
}

/** The open segment that ends the best path: the anchor, unless a segment that starts inside the window beats it. */
function openSegment(window: Window, { into, classCount }: Trellis, anchorOpen: number): PathSegment {
  const { evidence, anchor } = window
  const n = evidence.length
  let best: PathSegment = { classIndex: anchor?.classIndex ?? 0, start: anchor === undefined ? 0 : -1, end: n }
  let bestScore = anchorOpen
  for (let k = 0; k < classCount; k++) {
    let evidenceSum = 0
    for (let u = n - 1; u >= 0; u--) {
      const { logSurvival, maxSteps } = lawFrom(window, u)
      evidenceSum += evidence[u]![k]!
      const score = into[u * classCount + k]! + evidenceSum + logSurvival[k * maxSteps + n - 1 - u]!
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
