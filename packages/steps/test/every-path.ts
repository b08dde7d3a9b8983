import { hazardAt } from '../src/duration-law.ts'
import type { PathSegment } from '../src/viterbi.ts'
import { lawFrom, type Window } from '../src/window.ts'

export type WeighedPath = { readonly segments: readonly PathSegment[]; readonly weight: number }

/**
 * Every path through a window with its joint probability, straight from the definition of the explicit-duration
 * model: a product of transitions, duration masses and evidence, the last segment taking its survival.
 */
export function everyPath(window: Window): readonly WeighedPath[] {
  const { anchor, evidence } = window
  const n = evidence.length
  if (anchor === undefined)
    return window.head.classes.flatMap((_, k) => from(window, 0, k, window.head.transitions.initial[k]!))
  const stay = (steps: number) => {
    let weight = 1
    for (let i = 0; i < steps; i++) {
      weight *= 1 - hazardAt(anchor.law, anchor.classIndex, anchor.elapsed + i)
      weight *= Math.exp(evidence[i]![anchor.classIndex]!)
    }
    return weight
  }
  const lasting = { segments: [{ classIndex: anchor.classIndex, start: -1, end: n }], weight: stay(n) }
  const left = Array.from({ length: n }, (_, end) => {
    const weight = stay(end) * hazardAt(anchor.law, anchor.classIndex, anchor.elapsed + end)
    return successors(window, { classIndex: anchor.classIndex, start: -1, end }, weight)
  })
  return [lasting, ...left.flat()]
}

function from(window: Window, start: number, classIndex: number, entry: number): readonly WeighedPath[] {
  const { evidence } = window
  const law = lawFrom(window, start)
  const n = evidence.length
  const paths: WeighedPath[] = []
  let weight = entry
  for (let end = start + 1; end <= n; end++) {
    weight *= Math.exp(evidence[end - 1]![classIndex]!)
    const d = end - start
    const segment = { classIndex, start, end }
    if (end === n)
      paths.push({ segments: [segment], weight: weight * law.survival[classIndex * law.maxSteps + d - 1]! })
    else paths.push(...successors(window, segment, weight * law.mass[classIndex * law.maxSteps + d - 1]!))
  }
  return paths
}

function successors(window: Window, segment: PathSegment, weight: number): readonly WeighedPath[] {
  const classCount = window.head.classes.length
  return window.head.classes.flatMap((_, next) => {
    const transition = window.head.transitions.next[segment.classIndex * classCount + next]!
    if (transition === 0) return []
    return from(window, segment.end, next, weight * transition).map(path => {
      return { ...path, segments: [segment, ...path.segments] }
    })
  })
}
