import type { ScoredRecording } from '@takt/steps'
import { type Random, seededRandom } from './seeded-random.ts'

/** How hard the material is: deviations of what hides a step's prototype, whose elements have deviation 1. */
export type Difficulty = {
  /** The same for a whole recording: another person, another light. */
  readonly ofRecording: number
  /** The same for a whole step: it is done in another way this time. */
  readonly ofSegment: number
  /** Changing over seconds. */
  readonly slow: number
  /** New in every frame. */
  readonly fast: number
}

/**
 * What a frame classifier of about 60 % accuracy leaves to a decoder: whole steps that look like another one, seconds
 * that do, and flicker.
 */
export const hardScores: Difficulty = { ofRecording: 0.55, ofSegment: 0.6, slow: 0.95, fast: 0.003 }

const framesPerSecond = 10
const dimensions = 12
/** Seconds after which slow noise has forgotten a third of itself. */
const memorySeconds = 7
/** How far, in seconds, a label's border lies from the change it marks. */
const borderSeconds = 0.8

/**
 * Recordings of one loosely ordered process of 19 steps: a start; five ingredients added in any order, then mixed; four
 * parts worked on in any order, two or three steps each; both groups in either order or one inside the other; three
 * steps in order; an end. Some steps are left out, some are interrupted by another and resumed. The scores are those of
 * a linear classifier, fitted for single frames, on prototypes under four kinds of noise.
 */
export function drawRecordings(difficulty: Difficulty, { count, seed }: { count: number; seed: number }) {
  const random = seededRandom(seed)
  const world = drawWorld(random)
  return Array.from({ length: count }, () => drawRecording(world, difficulty, random))
}

const classCount = 19
export const scoredClassCount = classCount
const start = 0
const end = 18
const ingredients = [1, 2, 3, 4, 5]
const mixing = 6
const parts = [
  [7, 8, 9],
  [10, 11],
  [12, 13],
  [14, 15],
]
const finishing = [16, 17]
/** Steps that resemble one another: the same motion on another thing. */
const kinds = [
  [1, 2, 3, 4, 5],
  [8, 10, 12, 14],
  [9, 11, 13, 15],
  [6, 16],
  [7, 17],
  [0, 18],
]

type World = {
  /** `[class][dimension]`. */
  readonly prototypes: readonly Float64Array[]
  readonly meanSeconds: readonly number[]
  /** Share of time, `[class]`. */
  readonly shares: readonly number[]
}

function drawWorld({ uniform, normal }: Random): World {
  const prototypes = Array.from({ length: classCount }, () => Float64Array.from({ length: dimensions }, normal))
  for (const kind of kinds) {
    const common = Float64Array.from({ length: dimensions }, normal)
    for (const k of kind) prototypes[k] = prototypes[k]!.map((own, i) => 0.6 * own + 0.8 * common[i]!)
  }
  const meanSeconds = Array.from({ length: classCount }, () => 6 * Math.exp(1.6 * uniform()))
  const total = meanSeconds.reduce((sum, s) => sum + s, 0)
  return { prototypes, meanSeconds, shares: meanSeconds.map(s => s / total) }
}

function drawRecording(world: World, difficulty: Difficulty, random: Random): ScoredRecording {
  const { normal } = random
  const pace = Math.exp(0.2 * normal())
  const labels: number[] = []
  const segmentStarts = new Set<number>()
  for (const { step, share } of drawOrder(random)) {
    const seconds = world.meanSeconds[step]! * share * pace * Math.exp(0.45 * normal())
    segmentStarts.add(labels.length)
    for (let f = Math.max(5, Math.round(seconds * framesPerSecond)); f > 0; f--) labels.push(step)
  }
  const variance = difficulty.ofRecording ** 2 + difficulty.ofSegment ** 2 + difficulty.slow ** 2 + difficulty.fast ** 2
  const forget = 1 / (memorySeconds * framesPerSecond)
  const vector = (deviation: number) => Float64Array.from({ length: dimensions }, () => deviation * normal())
  const offset = vector(difficulty.ofRecording)
  let ofSegment = vector(difficulty.ofSegment)
  const [drive, slow] = [vector(1), vector(0)]
  const scores = new Float32Array(labels.length * classCount)
  for (const [frame, label] of labels.entries()) {
    if (segmentStarts.has(frame)) ofSegment = vector(difficulty.ofSegment)
    const seen = new Float64Array(dimensions)
    for (let i = 0; i < dimensions; i++) {
      // Noise through two equal low-pass filters: it drifts and does not flicker; √2 restores its deviation.
      drive[i]! += -forget * drive[i]! + Math.sqrt(2 * forget) * normal()
      slow[i]! += forget * (drive[i]! * Math.SQRT2 - slow[i]!)
      const hidden = offset[i]! + ofSegment[i]! + difficulty.slow * slow[i]! + difficulty.fast * normal()
      seen[i] = world.prototypes[label]![i]! + hidden
    }
    for (let k = 0; k < classCount; k++) {
      let squares = 0
      for (let i = 0; i < dimensions; i++) squares += (seen[i]! - world.prototypes[k]![i]!) ** 2
      scores[frame * classCount + k] = -squares / (2 * variance) + Math.log(world.shares[k]!)
    }
  }
  return { scores, labels: labelled(labels, [...segmentStarts], random) }
}

/** The steps as an annotator marks them: every border a little off. */
function labelled(steps: readonly number[], starts: readonly number[], { normal }: Random): Int16Array {
  const labels = Int16Array.from(steps)
  for (const [at, start] of starts.entries()) {
    if (at === 0) continue
    const [least, most] = [starts[at - 1]! + 1, (starts[at + 1] ?? steps.length) - 1]
    const marked = Math.min(most, Math.max(least, Math.round(start + borderSeconds * framesPerSecond * normal())))
    if (marked < start) labels.fill(steps[start]!, marked, start)
    else labels.fill(steps[start - 1]!, start, marked)
  }
  return labels
}

/** The steps of one recording; `share` is the part of a step's duration that an interruption leaves. */
function drawOrder({ uniform }: Random): readonly { readonly step: number; readonly share: number }[] {
  const shuffled = <T>(items: readonly T[]): T[] => {
    const list = items.slice()
    for (let i = list.length - 1; i > 0; i--) {
      const j = Math.floor(uniform() * (i + 1))
      ;[list[i], list[j]] = [list[j]!, list[i]!]
    }
    return list
  }
  const adding = [...shuffled(ingredients), mixing]
  const working = shuffled(parts)
  const before = uniform() < 0.4 ? 0 : uniform() < 0.5 ? working.length : Math.floor(uniform() * working.length)
  const steps = [
    start,
    ...working.slice(0, before).flat(),
    ...adding,
    ...working.slice(before).flat(),
    ...finishing,
    end,
  ]
  const done = steps.filter(step => step === start || step === end || uniform() > 0.06)
  const order: { step: number; share: number }[] = []
  for (const [at, step] of done.entries()) {
    const next = done[at + 1]
    if (uniform() < 0.08 && next !== undefined && next !== end && step !== start)
      order.push({ step, share: 0.5 }, { step: next, share: 0.3 }, { step, share: 0.5 })
    else order.push({ step, share: 1 })
  }
  return order.filter(({ step }, at) => order[at - 1]?.step !== step)
}
