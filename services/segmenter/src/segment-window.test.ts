import { beforeAll, describe, expect, it, test, vi } from 'vitest'
import {
  origin,
  releasedOf,
  scriptedHead,
  scriptedMotionHead,
  scriptedNetworkHead,
  scriptedReader,
  stepsOf,
  workOf,
} from '../test/scripted-station.ts'
import { watchAll } from '../test/watch-all.ts'
import type { Released } from './released.ts'
import { longestWindowSlots, segmentWindow } from './segment-window.ts'

// Fitting takes a second, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let release: Released
beforeAll(async () => {
  release = releasedOf(await scriptedHead())
})

const options = { signal: new AbortController().signal, nowMs: 0 }
const steps = stepsOf(workOf(3, 900), 4)

const withoutOrdinal = <Interval extends object>({ ordinal: _, ...rest }: Interval & { ordinal: number }) => rest

test.each([
  ['linear scorers', scriptedHead],
  ['networks beside them', scriptedNetworkHead],
  ['motions in their tasks', scriptedMotionHead],
])('a window under the same release, of %s, says what watching said', async (_, head) => {
  const release = releasedOf(await head())
  const finals = (await watchAll(scriptedReader(steps), release)).flatMap(batch => batch.finals)
  const window = { fromSlot: origin, toSlot: origin + 800 }
  const decoded = await segmentWindow(scriptedReader(steps), release, window, options)
  expect(decoded.whole).toBe(true)
  expect(decoded.intervals.map(withoutOrdinal)).toEqual(
    finals.filter(interval => interval.startSlot < window.toSlot).map(withoutOrdinal),
  )
})

test('motions are timed by the clock of their task, and lie within it', async () => {
  const release = releasedOf(await scriptedMotionHead())
  const { intervals } = await segmentWindow(
    scriptedReader(steps),
    release,
    { fromSlot: origin, toSlot: origin + 800 },
    options,
  )
  const picks = intervals.filter(({ step, durationMs }) => step === 'pick' && durationMs !== null)
  expect(picks.length).toBeGreaterThan(6)
  for (const { motions, durationMs } of picks) {
    const marks = motions!.flatMap(({ startMs, endMs }) => [startMs, endMs])
    expect([0, ...marks, durationMs]).toEqual([0, ...marks, durationMs].toSorted((a, b) => a! - b!))
  }
  // A motion that ends with its task ends where its duration does, though media time runs fast against UTC.
  const ending = picks.filter(({ motions }) => motions!.at(-1)?.step === 'grasp')
  expect(ending.length).toBeGreaterThan(0)
  for (const { motions, durationMs } of ending) expect(motions!.at(-1)!.endMs).toBeCloseTo(durationMs!, 6)
  for (const { step, motions } of intervals) expect(step === 'screw' && motions !== undefined).toBe(false)
})

test('a window inside says what watching said of its interior', async () => {
  const finals = (await watchAll(scriptedReader(steps), release)).flatMap(batch => batch.finals)
  const window = { fromSlot: origin + 400, toSlot: origin + 700 }
  const { intervals } = await segmentWindow(scriptedReader(steps), release, window, options)
  const spans = (all: typeof finals) =>
    all
      .filter(({ startSlot, endSlot }) => endSlot > window.fromSlot && startSlot < window.toSlot)
      .map(interval => `${interval.step} ${interval.startSlot} ${interval.endSlot}`)
  expect(spans(finals).length).toBeGreaterThan(6)
  expect(intervals.map(interval => `${interval.step} ${interval.startSlot} ${interval.endSlot}`)).toEqual(spans(finals))
})

describe('a step that is under way at the end of the window', () => {
  const cutIn = async () => {
    const finals = (await watchAll(scriptedReader(steps), release)).flatMap(batch => batch.finals)
    const step = finals.find(({ startSlot, endSlot }) => startSlot > origin + 400 && endSlot - startSlot >= 20)!
    return { step, window: { fromSlot: origin + 200, toSlot: step.startSlot + 5 } }
  }

  it('is followed to its end', async () => {
    const { step, window } = await cutIn()
    const { intervals, whole } = await segmentWindow(scriptedReader(steps), release, window, options)
    expect(whole).toBe(true)
    expect(intervals.at(-1)).toMatchObject({ startSlot: step.startSlot, endSlot: step.endSlot, censored: 'none' })
  })

  it('makes the window not whole while its end is not settled', async () => {
    const { step, window } = await cutIn()
    const settledTo = () => step.startSlot + 15
    const { intervals, whole } = await segmentWindow(scriptedReader(steps, { settledTo }), release, window, options)
    expect(whole).toBe(false)
    expect(intervals.at(-1)).toMatchObject({ step: step.step, endSlot: settledTo(), censored: 'end', durationMs: null })
  })
})

test('it reads no further than it has to', async () => {
  const reader = scriptedReader(steps)
  await segmentWindow(reader, release, { fromSlot: origin + 400, toSlot: origin + 500 }, options)
  expect(reader.reads.at(-1)!.fromSlot).toBeLessThan(origin + 700)
})

test('a window of missing video is whole, empty, and one gap', async () => {
  const nothing = stepsOf(Array(900).fill(null), 1)
  const window = { fromSlot: origin + 400, toSlot: origin + 500 }
  const { intervals, gaps, whole } = await segmentWindow(scriptedReader(nothing), release, window, options)
  expect({ intervals, whole }).toEqual({ intervals: [], whole: true })
  expect(gaps[0]!.startSlot).toBeLessThanOrEqual(window.fromSlot)
  expect(gaps.at(-1)!.endSlot).toBeGreaterThanOrEqual(window.toSlot)
})

test.each([
  ['empty', origin, origin],
  ['backwards', origin, origin - 1],
  ['longer than a day', origin, origin + longestWindowSlots + 1],
  ['no number', Number.NaN, origin],
])('a window that is %s is refused', async (_, fromSlot, toSlot) => {
  await expect(segmentWindow(scriptedReader(steps), release, { fromSlot, toSlot }, options)).rejects.toMatchObject({
    code: 'window-refused',
    status: 400,
  })
})

test('it stops with its signal', async () => {
  const signal = AbortSignal.abort(new Error('the client left'))
  const window = { fromSlot: origin, toSlot: origin + 100 }
  await expect(segmentWindow(scriptedReader(steps), release, window, { signal, nowMs: 0 })).rejects.toThrow(
    'the client left',
  )
})
