import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeAll } from '../../test/decode-all.ts'
import { seededRandom } from '../../test/synthetic.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../checkpoint.ts'
import { advance } from '../decoder.ts'
import { openDecoder } from '../decoder-state.ts'
import { fitHead } from '../fit-head.ts'
import { headFromTensors, headToTensors } from '../head-tensors.ts'
import type { Interval } from '../interval.ts'
import type { StepHead } from '../step-head.ts'
import { STEP_SECONDS, type TimeStep } from '../time-step.ts'
import type { TrainingSequence } from '../training-sequence.ts'
import { MOST_MOTION_STEPS } from './motions-of-interval.ts'

const classes = ['background', 'pick', 'screw']
const motions = [
  { name: 'reach', task: 1 },
  { name: 'grasp', task: 1 },
]

/** What is done, step by step: a place that features tell apart, its task and its motion. */
const places = {
  idle: [0, 0],
  reach: [1, 1],
  between: [1, 0],
  grasp: [1, 2],
  screw: [2, 0],
} as const
type Place = keyof typeof places

const dim = 12
const fixed = seededRandom(3)
const prototypes = new Map(
  Object.keys(places).map(place => [place, Float32Array.from({ length: dim }, () => 2 * fixed.normal())]),
)

function work(cycles: number, seed: number): Place[] {
  const { uniform } = seededRandom(seed)
  const some = (place: Place, mean: number) => Array<Place>(Math.round(mean * (0.8 + 0.4 * uniform()))).fill(place)
  return Array.from({ length: cycles }, () => [
    ...some('idle', 10),
    ...some('reach', 9),
    ...some('between', 7),
    ...some('grasp', 13),
    ...some('screw', 16),
  ]).flat()
}

function film(shown: readonly Place[], seed: number): TimeStep[] {
  const { normal } = seededRandom(seed)
  return shown.map(place => ({
    kind: 'observed',
    views: { front: prototypes.get(place)!.map(value => value + 0.7 * normal()) },
  }))
}

function labelled(cycles: number, seed: number): TrainingSequence {
  const shown = work(cycles, seed)
  const column = (index: 0 | 1) => Int16Array.from(shown, place => places[place][index])
  return { steps: film(shown, seed), labels: column(0), motions: column(1) }
}

let head: StepHead
let plain: StepHead
beforeAll(async () => {
  const sequences = [labelled(6, 1)]
  head = (await fitHead({ sequences, classes, motions })).head
  plain = (await fitHead({ sequences, classes })).head
}, 60_000)

const withoutMotions = ({ motions: _, ...rest }: Interval) => rest
const runsOf = (shown: readonly Place[], place: Place) =>
  shown.flatMap((at, i) => (at === place && shown[i - 1] !== place ? [i] : []))

describe('motions inside of tasks', () => {
  it('are found in video that the head has not seen, in their task, and leave it its rest', () => {
    const shown = work(8, 50)
    const found = decodeAll(head, film(shown, 51)).filter(({ step, durationSdSeconds }) => {
      return step === 'pick' && durationSdSeconds !== null
    })
    expect(found).toHaveLength(8)
    for (const [place, order] of [
      ['reach', 0],
      ['grasp', 1],
    ] as const) {
      const starts = found.map(({ motions: own, startStep, startOffsetSeconds }) => {
        expect(own!.map(({ motion }) => motion)).toEqual(['reach', 'grasp'])
        return startStep * STEP_SECONDS + startOffsetSeconds + own![order]!.startSeconds
      })
      for (const [i, start] of runsOf(shown, place).entries()) {
        expect(Math.abs(starts[i]! - start * STEP_SECONDS)).toBeLessThan(0.75)
      }
    }
  })

  it('change nothing of their tasks', () => {
    const steps = film(work(5, 60), 61)
    expect(decodeAll(head, steps).map(withoutMotions)).toEqual(decodeAll(plain, steps))
  })

  it('lie in order within whole intervals of their task alone, whatever is seen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), seed => {
        const { uniform } = seededRandom(seed)
        const shown = work(2, seed).filter(() => uniform() > 0.2)
        const steps = film(shown, seed).map((step): TimeStep => (uniform() < 0.03 ? { kind: 'missing' } : step))
        for (const interval of decodeAll(head, steps)) {
          const { startSdSeconds, endSdSeconds, weak, step, motions: own } = interval
          const isWhole = startSdSeconds !== null && endSdSeconds !== null && !weak
          expect(own !== undefined).toBe(isWhole && step === 'pick')
          const seconds =
            (interval.endStep - interval.startStep) * STEP_SECONDS +
            interval.endOffsetSeconds -
            interval.startOffsetSeconds
          const borders = (own ?? []).flatMap(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])
          expect([0, ...borders, seconds + 1e-9]).toEqual([0, ...borders, seconds + 1e-9].toSorted((a, b) => a - b))
        }
      }),
      { numRuns: 25 },
    )
  })

  it('are the same however the video is divided, and after a checkpoint in the middle of a task', () => {
    const steps = film(work(3, 70), 71)
    const whole = decodeAll(head, steps)
    for (const at of [15, 30, 61, 97]) {
      const first = advance(head, openDecoder(head, 0), steps.slice(0, at))
      const state = decodeCheckpoint(encodeCheckpoint(first.state), head)
      expect(state).toEqual(first.state)
      const rest = advance(head, state, steps.slice(at))
      expect([...first.finals, ...rest.finals]).toEqual(whole.slice(0, first.finals.length + rest.finals.length))
    }
  })

  it('are not told apart in a task that is too long, of which nothing is kept', () => {
    const long: Place[] = [...work(1, 80), ...Array<Place>(10).fill('idle')]
    const shown = [...long, ...Array<Place>(MOST_MOTION_STEPS + 100).fill('grasp'), ...Array<Place>(60).fill('screw')]
    const { state, finals } = advance(head, openDecoder(head, 0), film(shown, 81))
    const longest = finals.find(({ startStep, endStep }) => endStep - startStep > MOST_MOTION_STEPS)
    expect(longest).toMatchObject({ step: 'pick' })
    expect(longest).not.toHaveProperty('motions')
    expect(state.motionEvidence.length).toBeLessThan(100)
  })

  it('are kept in the file of a head, which without them is as it always was', () => {
    expect(headFromTensors(headToTensors(head))).toEqual(head)
    expect(head.motions!.tasks.map(({ parts }) => parts)).toEqual([['reach', 'grasp', null]])
    expect(plain).not.toHaveProperty('motions')
    expect(plain.id).not.toBe(head.id)
    expect(Object.keys(headToTensors(plain).tensors).some(name => name.startsWith('motions'))).toBe(false)
  })

  it.each<[string, (text: { tasks: Record<string, unknown>[]; scorers: Record<string, unknown>[] }) => void]>([
    ['of the background', ({ tasks }) => Object.assign(tasks[0]!, { classIndex: 0 })],
    ['of a task that the head does not know', ({ tasks }) => Object.assign(tasks[0]!, { classIndex: 9 })],
    ['that are no names', ({ tasks }) => Object.assign(tasks[0]!, { parts: [1, 2, 3] })],
    ['of which one is there twice', ({ tasks }) => Object.assign(tasks[0]!, { parts: ['a', 'a', null] })],
    ['more than were written', ({ tasks }) => Object.assign(tasks[0]!, { parts: ['a', 'b', 'c', null] })],
    ['that nobody scores', ({ scorers }) => scorers.splice(0)],
    ['in a view that the head does not look at', ({ scorers }) => Object.assign(scorers[0]!, { viewId: 'roof' })],
    ['under another name', ({ tasks }) => Object.assign(tasks[0]!, { parts: ['reach', 'hold', null] })],
  ])('are refused in a file where they are %s', (_, change) => {
    const { tensors, metadata } = headToTensors(head)
    const text = JSON.parse(metadata.head!)
    change(text.motions)
    const file = { tensors, metadata: { ...metadata, head: JSON.stringify(text) } }
    expect(() => headFromTensors(file)).toThrow(expect.objectContaining({ code: 'head_malformed' }))
  })

  it.each([
    ['one motion that is all of its task', () => 1],
    ['motions without a rest', (i: number) => 1 + Number(i % 20 > 10)],
  ])('are learnt from %s', async (_, motionOf) => {
    const { steps, labels } = labelled(4, 90)
    const sequence = { steps, labels, motions: labels.map((label, i) => (label === 1 ? motionOf(i) : 0)) }
    const fitted = (await fitHead({ sequences: [sequence], classes, motions })).head
    const picks = decodeAll(fitted, film(work(3, 91), 92)).filter(({ motions: own }) => own !== undefined)
    expect(picks.length).toBeGreaterThan(0)
    for (const { motions: own } of picks)
      for (const { confidence } of own!) expect(confidence).toBeGreaterThanOrEqual(0.5)
  })

  it('are not learnt where none is labelled within its task', async () => {
    const { steps, labels } = labelled(4, 95)
    const strayed = { steps, labels, motions: labels.map(label => (label === 2 ? 1 : 0)) }
    expect((await fitHead({ sequences: [strayed], classes, motions })).head).not.toHaveProperty('motions')
  })
})
