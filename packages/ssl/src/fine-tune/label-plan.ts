import { sslError } from '../errors.ts'

/** `[from, to)` in time steps. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface PlanRequest {
  /** Class by the time step, −1 where it is not known: [step]. */
  readonly labels: ArrayLike<number>
  readonly classes: number
  /** Time steps of a clip. */
  readonly times: number
  /** What is seen of the recording; no clip reaches across an end. */
  readonly seen: readonly Stretch[]
}

/** Clips by their first time step, and the labels that count in them: −1 is ignored. */
export interface LabelledShare {
  readonly starts: readonly number[]
  readonly labels: Int16Array
}

export interface LabelPlan {
  readonly learnt: LabelledShare
  /** Every fifth clip's length of labelled time: what decides when to stop. */
  readonly heldOut: LabelledShare
  /** By class: in what is learnt from all classes then weigh the same, and a time step 1 on average. */
  readonly weights: readonly number[]
}

/** A clip's length of labelled time out of so many is held out, from the middle one of the first on. */
const EVERY = 5
const FIRST = 2

/**
 * Divides labelled time into what is learnt from and what is held out. Clips lie in labelled time alone; one that is learnt
 * from may show time that is held out, whose labels then do not count. Throws `too_few_labels`.
 */
export function labelPlan({ labels, classes, times, seen }: PlanRequest): LabelPlan {
  const known = seen.flatMap(stretch => knownStretches(labels, stretch))
  const blocks = known.flatMap(({ from, to }) =>
    Array.from({ length: Math.floor((to - from) / times) }, (_, i) => from + i * times),
  )
  const held = new Set(blocks.filter((_, i) => i % EVERY === FIRST))
  const heldSteps = new Set([...held].flatMap(from => Array.from({ length: times }, (_, i) => from + i)))
  const keep = (chosen: (step: number) => boolean) => {
    const kept = new Int16Array(labels.length).fill(-1)
    for (const { from, to } of known) for (let at = from; at < to; at++) if (chosen(at)) kept[at] = labels[at]!
    return kept
  }
  const learnt = keep(step => !heldSteps.has(step))
  const weights = classWeights(learnt, classes)
  const heldOut = keep(step => heldSteps.has(step) && weights[labels[step]!]! > 0)
  const counts = { learnt: countKnown(learnt), heldOut: countKnown(heldOut) }
  if (blocks.length < EVERY || counts.learnt < 2 || counts.heldOut < 1) {
    throw sslError('too_few_labels', { clips: blocks.length, least: EVERY, ...counts })
  }
  const says = (of: Int16Array) => (start: number) => of.subarray(start, start + times).some(label => label >= 0)
  const starts = known.flatMap(({ from, to }) =>
    Array.from({ length: Math.max(0, to - from - times + 1) }, (_, i) => from + i),
  )
  return {
    learnt: { starts: starts.filter(says(learnt)), labels: learnt },
    heldOut: { starts: [...held].filter(says(heldOut)), labels: heldOut },
    weights,
  }
}

function knownStretches(labels: ArrayLike<number>, { from, to }: Stretch): readonly Stretch[] {
  const found: Stretch[] = []
  for (let at = from; at < to; at++) {
    if (labels[at]! < 0) continue
    const start = at
    while (at < to && labels[at]! >= 0) at++
    found.push({ from: start, to: at })
  }
  return found
}

/** Classes that occur. */
const countKnown = (labels: Int16Array): number => new Set(labels.filter(label => label >= 0)).size

/** n / (classes that occur · n of the class); 0 of one that does not. */
function classWeights(labels: Int16Array, classes: number): readonly number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) if (label >= 0) counts[label]!++
  const total = counts.reduce((sum, count) => sum + count, 0)
  const present = counts.filter(count => count > 0).length
  return counts.map(count => (count > 0 ? total / (present * count) : 0))
}
