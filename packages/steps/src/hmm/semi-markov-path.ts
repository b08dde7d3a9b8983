import { hazardAt } from '../duration-law.ts'
import type { Segment, SemiMarkovModel } from './semi-markov.ts'

/**
 * The most probable segments given log evidence `[time, class]` (Yu 2010, eq. 21–25). With E the evidence summed before
 * a step,
 *   in_u(k)  = max_j out_{u−1}(j) + ln A(j,k) − E_u(k)                                a segment of k starts at u
 *   out_v(k) = E_{v+1}(k) + max( max_{d ≤ D} in_{v−d+1}(k) + ln p_k(d),  old_v(k) )    it ends with v
 * where `old` is the best segment longer than the D explicit durations, carried on by its constant hazard, and the
 * first segment follows its own law. A last segment that is cut takes ln S in place of ln p. Cost: n K (D + K).
 */
export function semiMarkovPath(model: SemiMarkovModel, logEvidence: Float64Array): readonly Segment[] {
  const classCount = model.logInitial.length
  const length = logEvidence.length / classCount
  if (length === 0) return []
  const trellis = openTrellis(classCount, length)
  const first = firstSegments(model, length)
  const { maxSteps } = model.fresh
  for (let v = 0; v < length; v++) {
    enter(model, trellis, v)
    for (let k = 0; k < classCount; k++) {
      const sum = trellis.sums[k]! + logEvidence[v * classCount + k]!
      trellis.sums[k] = sum
      age(model, trellis, { v, k })
      const cutsHere = v === length - 1 && model.last === 'cut'
      const law = cutsHere ? model.fresh.logSurvival : model.fresh.logMass
      const hazard = cutsHere ? 1 : hazardAt(model.fresh, k, maxSteps)
      let best = model.logInitial[k]! + (cutsHere ? first.logSurvival : first.logMass)[k * length + v]!
      let bestStart = 0
      if (trellis.old[k]! + Math.log(hazard) > best) {
        best = trellis.old[k]! + Math.log(hazard)
        bestStart = trellis.oldStart[k]!
      }
      const row = k * length
      const lawEnd = k * maxSteps + v
      for (let u = Math.max(1, v - maxSteps + 1); u <= v; u++) {
        const score = trellis.into[row + u]! + law[lawEnd - u]!
        if (score > best) {
          best = score
          bestStart = u
        }
      }
      trellis.out[v * classCount + k] = best + sum
      trellis.startedAt[v * classCount + k] = bestStart
    }
  }
  return traceBack(trellis)
}

type Trellis = {
  readonly classCount: number
  readonly length: number
  /** Evidence summed up to the step in hand, `[class]`. */
  readonly sums: Float64Array
  /** Best score of a segment starting at a step, less the evidence before it, `[class, time]`. */
  readonly into: Float64Array
  /** Best score of a segment ending with a step, `[time, class]`. */
  readonly out: Float64Array
  /** Best score, less all evidence, of a segment older than the explicit durations, and where it started, `[class]`. */
  readonly old: Float64Array
  readonly oldStart: Int32Array
  /** First step of the segment that ends with the step, and the class before one that starts at it, `[time, class]`. */
  readonly startedAt: Int32Array
  readonly cameFrom: Int16Array
}

function openTrellis(classCount: number, length: number): Trellis {
  return {
    classCount,
    length,
    sums: new Float64Array(classCount),
    into: new Float64Array(classCount * length).fill(-Infinity),
    out: new Float64Array(classCount * length),
    old: new Float64Array(classCount).fill(-Infinity),
    oldStart: new Int32Array(classCount),
    startedAt: new Int32Array(classCount * length),
    cameFrom: new Int16Array(classCount * length).fill(-1),
  }
}

/** ln S and ln p of the first segment for every duration up to the recording's length, `[class, time]`. */
function firstSegments({ first, logInitial }: SemiMarkovModel, length: number) {
  const logSurvival = new Float64Array(logInitial.length * length)
  const logMass = new Float64Array(logInitial.length * length)
  for (let k = 0; k < logInitial.length; k++) {
    let survival = 0
    for (let d = 1; d <= length; d++) {
      const hazard = hazardAt(first, k, d)
      logSurvival[k * length + d - 1] = survival
      logMass[k * length + d - 1] = survival + Math.log(hazard)
      survival += Math.log1p(-hazard)
    }
  }
  return { logSurvival, logMass }
}

/** Starts segments at step u from the classes that end just before it. */
function enter({ logNext }: SemiMarkovModel, trellis: Trellis, u: number): void {
  const { classCount, length, out, into, cameFrom, sums } = trellis
  if (u === 0) return
  for (let k = 0; k < classCount; k++) {
    let best = -Infinity
    let from = -1
    for (let j = 0; j < classCount; j++) {
      const score = out[(u - 1) * classCount + j]! + logNext[j * classCount + k]!
      if (score > best) {
        best = score
        from = j
      }
    }
    into[k * length + u] = best - sums[k]!
    cameFrom[u * classCount + k] = from
  }
}

/** Moves the segment that is one step past the explicit durations among the old ones, which have aged a step. */
function age({ fresh }: SemiMarkovModel, trellis: Trellis, { v, k }: { readonly v: number; readonly k: number }): void {
  const { maxSteps } = fresh
  const staying = Math.log1p(-hazardAt(fresh, k, maxSteps))
  trellis.old[k]! += staying
  const u = v - maxSteps
  if (u < 1) return
  const arriving = trellis.into[k * trellis.length + u]! + fresh.logSurvival[k * maxSteps + maxSteps - 1]! + staying
  if (arriving <= trellis.old[k]!) return
  trellis.old[k] = arriving
  trellis.oldStart[k] = u
}

function traceBack({ classCount, length, out, startedAt, cameFrom }: Trellis): readonly Segment[] {
  let classIndex = 0
  const last = (length - 1) * classCount
  for (let k = 1; k < classCount; k++) if (out[last + k]! > out[last + classIndex]!) classIndex = k
  const segments: Segment[] = []
  for (let end = length; end > 0; ) {
    const start = startedAt[(end - 1) * classCount + classIndex]!
    segments.push({ classIndex, start, end })
    if (start > 0) classIndex = cameFrom[start * classCount + classIndex]!
    end = start
  }
  return segments.reverse()
}
