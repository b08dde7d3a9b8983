import { type SlotKey, slotStartMs } from '@takt/domain'
import { fitHead, processInOrder, type StepHead, type TimeStep } from '@takt/steps'
import type { ReadSlot, StationReader } from '@takt/timeline'
import type { Released } from '../src/released.ts'

/** First slot of the scripted stations: an instant of 2026. */
export const origin = 7_150_000_000

/** Media time runs 1 % fast against UTC, so that the two can be told apart in a duration. */
export const mediaRate = 1.01

export const classes = ['background', 'pick', 'screw'] as const

/** mulberry32: uniform in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Work in cycles of two steps with pauses: a class for each slot. */
export function workOf(seed: number, slots: number): number[] {
  const random = seededRandom(seed)
  const work: number[] = []
  const spend = (label: number, mean: number) => {
    const length = Math.max(4, Math.round(mean * (0.7 + 0.6 * random())))
    for (let i = 0; i < length; i++) work.push(label)
  }
  while (work.length < slots) {
    spend(1, 20)
    spend(2, 30)
    spend(0, 14)
  }
  return work.slice(0, slots)
}

const prototypes = [
  [0, 0, 1],
  [3, 0, 0],
  [0, 3, 0],
] as const

/** What a camera shows of the work: the class's prototype and noise; `null` in the work is missing video. */
export function stepsOf(work: readonly (number | null)[], seed: number, view = 'front'): TimeStep[] {
  const random = seededRandom(seed)
  return work.map(label => {
    const noise = () => random() - 0.5
    const features = prototypes[label ?? 0]!.map(value => value + noise())
    return label === null ? { kind: 'missing' } : { kind: 'observed', views: { [view]: Float32Array.from(features) } }
  })
}

const heads = new Map<string, Promise<StepHead>>()

/** A head that has learnt the two steps from what a view shows. */
export function scriptedHead(view = 'front'): Promise<StepHead> {
  const there = heads.get(view)
  if (there) return there
  const fitting = fitScripted(view, 'linear', 1200)
  heads.set(view, fitting)
  return fitting
}

/** The same, and networks that look around each step and have learnt nothing yet: for tests that ask about form. */
export const scriptedNetworkHead = (): Promise<StepHead> => fitScripted('front', 'both', 300)

/** A head that has learnt besides that picking begins with reaching, ends with grasping, and has a rest between. */
export async function scriptedMotionHead(): Promise<StepHead> {
  const work = workOf(1, 1200)
  const motionAt = work.map((label, i) => {
    const isNear = (by: number) => work[i + by] !== undefined && work[i + by] !== 1
    return label !== 1 ? 0 : isNear(-6) ? 1 : isNear(6) ? 2 : 0
  })
  const sequences = [{ steps: stepsOf(work, 2), labels: Int16Array.from(work), motions: Int16Array.from(motionAt) }]
  const motions = ['reach', 'grasp'].map(name => ({ name, task: 1 }))
  const options = { evidenceWeight: 1, process: processInOrder([1, 2]) }
  return (await fitHead({ sequences, classes: [...classes], motions, options })).head
}

async function fitScripted(view: string, kind: 'linear' | 'both', slots: number): Promise<StepHead> {
  const work = workOf(1, slots)
  const sequences = [{ steps: stepsOf(work, 2, view), labels: Int16Array.from(work) }]
  const options = { evidenceWeight: 1, process: processInOrder([1, 2]), kind }
  return (await fitHead({ sequences, classes: [...classes], options, train: async ({ initial }) => initial })).head
}

export const station = '00000000-0000-7000-8000-00000000000a'
export const release = '00000000-0000-7000-8000-00000000000b'
export const run = '00000000-0000-7000-8000-00000000000c'

export const releasedOf = (stepHead: StepHead): Released => ({
  release,
  station,
  encoder: 'encoder',
  head: 'head',
  headKey: 'heads/head',
  effectiveAtMs: slotStartMs(origin),
  steps: [],
  stepHead,
})

/** A station whose slots from `origin` on are scripted; slots before it are missing. */
export function scriptedReader(
  steps: readonly TimeStep[],
  options: {
    /** The most slots that one read gives. */
    readonly piece?: () => number
    readonly late?: (fromSlot: number, toSlot: number) => readonly SlotKey[]
    /** First slot that is not settled. */
    readonly settledTo?: () => number
  } = {},
): StationReader & { readonly reads: { fromSlot: number; toSlot: number }[] } {
  const reads: { fromSlot: number; toSlot: number }[] = []
  const { piece = () => Number.POSITIVE_INFINITY, settledTo = () => origin + steps.length } = options
  return {
    reads,
    read: async (_, { fromSlot, toSlot }) => {
      reads.push({ fromSlot, toSlot })
      const end = Math.max(fromSlot, Math.min(toSlot, settledTo(), fromSlot + piece()))
      const late = options.late?.(fromSlot, end) ?? []
      const slots = Array.from({ length: end - fromSlot }, (_, i) => readSlot(fromSlot + i, steps))
      return { settled: { toSlot: end, watermarkMs: slotStartMs(settledTo()), late, gaps: new Map() }, slots }
    },
  }
}

function readSlot(slot: number, steps: readonly TimeStep[]): ReadSlot {
  const step = steps[slot - origin] ?? { kind: 'missing' }
  if (step.kind === 'missing') return { position: { slot, missing: true }, step, absoluteErrorMs: 0 }
  const index = slot - origin
  const seen = Object.keys(step.views).map(view => ({
    view,
    segment: `segment ${Math.floor(index / 16)}`,
    session: 'session',
    stepIndexInSegment: index % 16,
    mediaSeconds: (index / 4) * mediaRate,
  }))
  return { position: { slot, views: seen }, step, absoluteErrorMs: 20 }
}
