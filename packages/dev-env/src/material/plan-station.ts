import { clipFramesPerSecond, type Gesture, type Performer } from './gestures.ts'
import type { TrueStep } from './labels.ts'
import { type LightPlan, planLight } from './plan-light.ts'
import { type Random, seededRandom } from './random.ts'

/** The frame rate of composed videos. */
export const framesPerSecond = 25

/** A gesture from its first moving frame to its last. */
export interface GestureSpan {
  readonly kind: 'gesture'
  readonly gesture: string
  readonly cycle: number
  readonly startFrame: number
  readonly endFrame: number
}

/** Rest between two gestures, in which the picture passes from the end of one clip to the start of the next. */
export interface RestSpan {
  readonly kind: 'rest'
  readonly from: string
  readonly to: string
  readonly fromCycle: number
  /** The cycle of the gesture that follows; after the last one the first comes round again. */
  readonly cycle: number
  readonly startFrame: number
  readonly endFrame: number
}

/** The camera is nudged between cycles: shifts in source pixels, and a zoom near 1. */
export interface Nudge {
  readonly dx: number
  readonly dy: number
  readonly zoom: number
}

/** What a composed video shows; spans cover [0, frameCount) without gaps, and the video can be looped. */
export interface StationPlan {
  readonly seed: number
  readonly frameCount: number
  readonly spans: readonly (GestureSpan | RestSpan)[]
  /** One a cycle. */
  readonly nudges: readonly Nudge[]
  readonly light: LightPlan
}

export interface StationPlanOptions {
  readonly performer: Performer
  readonly gestures: readonly Gesture[]
  readonly seed: number
  /** The plan lasts at least this long: it ends with a whole cycle. */
  readonly minutes: number
}

/** Gestures run at .7 to 1.4 times their recorded speed. */
export const speedRange = { slowest: 0.7, fastest: 1.4 } as const

/** Pure: equal options give equal plans. */
export const planStation = ({ performer, gestures, seed, minutes }: StationPlanOptions): StationPlan => {
  const random = seededRandom(seed)
  const spans: (GestureSpan | RestSpan)[] = []
  const nudges: Nudge[] = []
  let frame = 0
  let lastGesture: GestureSpan | undefined
  const rest = (to: string, cycle: number, seconds: number) => {
    const { gesture: from, cycle: fromCycle } = lastGesture ?? { gesture: to, cycle }
    const startFrame = frame
    frame += Math.round(seconds * framesPerSecond)
    spans.push({ kind: 'rest', from, to, fromCycle, cycle, startFrame, endFrame: frame })
  }
  while (frame < minutes * 60 * framesPerSecond) {
    const cycle = nudges.length
    nudges.push(planNudge(random))
    for (const [index, name] of planOrder(performer, random).entries()) {
      rest(name, cycle, index === 0 ? random.between(1.2, 4) : pauseSeconds(random))
      const startFrame = frame
      frame += gestureFrames(gestures.find(gesture => gesture.name === name)!, random)
      lastGesture = { kind: 'gesture', gesture: name, cycle, startFrame, endFrame: frame }
      spans.push(lastGesture)
    }
  }
  rest(performer.first, 0, 1)
  return { seed, frameCount: frame, spans, nudges, light: planLight(random, frame / framesPerSecond) }
}

/** The truth of a plan, in seconds of the composed video. */
export const stationTruth = (plan: StationPlan): readonly TrueStep[] =>
  plan.spans.flatMap(span =>
    span.kind === 'rest'
      ? []
      : [
          {
            step: span.gesture,
            startSeconds: span.startFrame / framesPerSecond,
            endSeconds: span.endFrame / framesPerSecond,
            cycle: span.cycle,
          },
        ],
  )

/** Mostly the usual order; now and then two neighbours change places, the optional step is left out, or one is done again. */
const planOrder = ({ first, others, optional }: Performer, random: Random): readonly string[] => {
  const order = random.chance(0.15) ? others.filter(name => name !== optional) : [...others]
  if (random.chance(0.25)) {
    const at = random.below(order.length - 1)
    const [left, right] = order.slice(at, at + 2)
    order.splice(at, 2, right!, left!)
  }
  if (random.chance(0.1)) {
    const at = random.below(order.length)
    order.splice(at, 0, order[at]!)
  }
  return [first, ...order]
}

const pauseSeconds = (random: Random): number =>
  random.chance(0.06) ? random.between(2.5, 5) : random.between(0.25, 1.4)

const gestureFrames = ({ startFrame, endFrame }: Gesture, random: Random): number => {
  const speed = random.between(speedRange.slowest, speedRange.fastest)
  return Math.round((((endFrame - startFrame) / clipFramesPerSecond) * framesPerSecond) / speed)
}

const planNudge = (random: Random): Nudge => ({
  dx: random.between(-6, 6),
  dy: random.between(-6, 6),
  zoom: random.between(0.98, 1.02),
})
