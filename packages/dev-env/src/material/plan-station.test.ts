import { assert, constantFrom, integer, property } from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { clipFramesPerSecond, type Gesture, type Person, performers, readGestures } from './gestures.ts'
import { framesPerSecond, planStation, speedRange, stationTruth } from './plan-station.ts'

const people = Object.keys(performers) as Person[]
const gesturesOf = {} as Record<Person, readonly Gesture[]>
beforeAll(async () => {
  for (const person of people) gesturesOf[person] = await readGestures(person)
})

const plan = (person: Person, seed: number, minutes = 2) =>
  planStation({ performer: performers[person], gestures: gesturesOf[person], seed, minutes })

const anyPlan = (check: (person: Person, seed: number) => void) =>
  assert(property(constantFrom(...people), integer({ min: 0, max: 2 ** 32 - 1 }), check), { numRuns: 60 })

describe('a plan', () => {
  test('is the same for the same seed and another for another', () => {
    anyPlan((person, seed) => {
      expect(plan(person, seed)).toEqual(plan(person, seed))
      expect(plan(person, seed).spans).not.toEqual(plan(person, (seed + 1) >>> 0).spans)
    })
  })

  test('covers every frame once, rest and gesture in turn', () => {
    anyPlan((person, seed) => {
      const { spans, frameCount } = plan(person, seed)
      let frame = 0
      for (const [index, span] of spans.entries()) {
        expect(span.startFrame).toBe(frame)
        expect(span.endFrame).toBeGreaterThan(span.startFrame)
        expect(span.kind).toBe(index % 2 === 0 ? 'rest' : 'gesture')
        frame = span.endFrame
      }
      expect(frame).toBe(frameCount)
    })
  })

  test('lasts as long as was asked, and less than a cycle longer', () => {
    anyPlan((person, seed) => {
      const seconds = plan(person, seed, 3).frameCount / framesPerSecond
      expect(seconds).toBeGreaterThanOrEqual(180)
      expect(seconds).toBeLessThan(180 + 60)
    })
  })

  test('opens every cycle with the first gesture, which occurs nowhere else in it', () => {
    anyPlan((person, seed) => {
      const cycles = Map.groupBy(stationTruth(plan(person, seed)), ({ cycle }) => cycle)
      expect([...cycles.keys()]).toEqual(Array.from({ length: cycles.size }, (_, n) => n))
      for (const steps of cycles.values())
        expect(steps.map(({ step }, index) => [step === performers[person].first, index === 0])).toSatisfy(
          (pairs: [boolean, boolean][]) => pairs.every(([isFirst, opens]) => isFirst === opens),
        )
    })
  })

  test('leaves out nothing but the optional gesture', () => {
    anyPlan((person, seed) => {
      const { first, others, optional } = performers[person]
      for (const steps of Map.groupBy(stationTruth(plan(person, seed)), ({ cycle }) => cycle).values()) {
        const done = new Set(steps.map(({ step }) => step))
        const missing = [first, ...others].filter(name => !done.has(name))
        expect(missing.every(name => name === optional)).toBe(true)
      }
    })
  })

  test('runs every gesture at .7 to 1.4 times its speed, to the frame', () => {
    anyPlan((person, seed) => {
      for (const { step, startSeconds, endSeconds } of stationTruth(plan(person, seed))) {
        const { startFrame, endFrame } = gesturesOf[person].find(({ name }) => name === step)!
        const recorded = (endFrame - startFrame) / clipFramesPerSecond
        const halfFrame = 0.5 / framesPerSecond + 1e-9
        expect(endSeconds - startSeconds).toBeGreaterThan(recorded / speedRange.fastest - halfFrame)
        expect(endSeconds - startSeconds).toBeLessThan(recorded / speedRange.slowest + halfFrame)
      }
    })
  })
})

test('in many cycles order, omissions, repetitions and pauses all vary', () => {
  const truth = stationTruth(plan('hooded-jumper', 1, 60))
  const orders = [...Map.groupBy(truth, ({ cycle }) => cycle).values()].map(steps => steps.map(({ step }) => step))
  const usual = ['again', ...performers['hooded-jumper'].others]
  expect(orders.filter(order => order.join() === usual.join()).length).toBeGreaterThan(orders.length / 3)
  expect(orders.some(order => order.length < usual.length)).toBe(true)
  expect(orders.some(order => order.length > usual.length)).toBe(true)
  expect(orders.some(order => order.length === usual.length && order.join() !== usual.join())).toBe(true)
  const pauses = truth.slice(1).map(({ startSeconds }, index) => startSeconds - truth[index]!.endSeconds)
  expect(Math.min(...pauses)).toBeLessThan(0.4)
  expect(Math.max(...pauses)).toBeGreaterThan(3)
})
