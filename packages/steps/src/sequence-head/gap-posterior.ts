import type { StampGap } from './stamp-gaps.ts'

/** A gap and what a network makes of it. */
export type ScoredGap = {
  readonly gap: StampGap
  /** ln P(class), `[time, class]` of the whole sequence. */
  readonly logs: Float32Array
  readonly classCount: number
  /** A class that may lie between any two others unlabelled; null where every step has its stamp. */
  readonly between: number | null
}

/** P(class) of each time step of a gap, `[end − start, class]` over the classes that it may have, in their order. */
export type GapPosterior = {
  readonly gap: StampGap
  readonly classes: readonly number[]
  readonly shares: Float32Array
}

/**
 * What happens in a gap, given that the labelled classes lie in their order and
 * that every place of a border is as likely beforehand: forward–backward over the class before, perhaps the one between,
 * and the class after. The E-step of expectation maximisation over borders (Rahaman, Singhania, Thiery & Yao, 2022,
 * section 4.2), where Li, Farha & Gall, 2021, take the border of least energy.
 */
export function gapPosterior({ gap, logs, classCount, between }: ScoredGap): GapPosterior {
  const { start, end, before, after } = gap
  const classes = statesOf(gap, between)
  const count = end - start
  const evidence = Array.from({ length: count }, (_, time) => {
    return classes.map(classIndex => logs[(start + time) * classCount + classIndex]!)
  })
  const mayBeLeftOut = classes.length - Number(before !== null) - Number(after !== null) > 0
  const forward = sweep(evidence, mayBeLeftOut)
  const backward = sweep(evidence.map(row => row.toReversed()).toReversed(), mayBeLeftOut)
  const shares = new Float32Array(count * classes.length)
  for (const [time, row] of evidence.entries()) {
    const both = row.map((log, at) => forward[time]![at]! + backward[count - 1 - time]![row.length - 1 - at]! - log)
    const total = logSumExp(both)
    shares.set(
      both.map(log => Math.exp(log - total)),
      time * classes.length,
    )
  }
  return { gap, classes, shares }
}

/** The classes of a gap in order. */
function statesOf({ before, after }: StampGap, between: number | null): readonly number[] {
  const ends = [before, after].filter(label => label !== null)
  if (between === null) return before === after ? ends.slice(1) : ends
  if (ends.includes(between)) return ends
  return [before, between, after].filter(label => label !== null)
}

/**
 * ln of the sum over all ways to each state, `[time, state]`, the time step's own evidence included. The labelled step
 * before the gap lies in the first state and the one after it in the last; of three states the middle one may be left
 * out, so that a way may begin and end in any.
 */
function sweep(evidence: readonly (readonly number[])[], mayBeLeftOut: boolean): readonly (readonly number[])[] {
  const sums: (readonly number[])[] = []
  for (const [time, row] of evidence.entries()) {
    const last = sums[time - 1]
    const waysTo = (at: number) => {
      if (!last) return [0]
      return [last[at]!, last[at - 1] ?? -Infinity, (mayBeLeftOut && at === 2 ? last[0] : undefined) ?? -Infinity]
    }
    sums.push(row.map((log, at) => log + logSumExp(waysTo(at))))
  }
  return sums
}

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values)
  return largest === -Infinity ? largest : largest + Math.log(values.reduce((sum, v) => sum + Math.exp(v - largest), 0))
}
