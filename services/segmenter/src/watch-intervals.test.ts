import fc from 'fast-check'
import { beforeAll, describe, expect, it, test, vi } from 'vitest'
import {
  mediaRate,
  origin,
  releasedOf,
  scriptedHead,
  scriptedNetworkHead,
  scriptedReader,
  seededRandom,
  stepsOf,
  workOf,
} from '../test/scripted-station.ts'
import { startOf, watchAll } from '../test/watch-all.ts'
import type { Released } from './released.ts'
import { warmUpSlots } from './warm-up.ts'
import { type WatchBatch, watchIntervals } from './watch-intervals.ts'

// Fitting takes a second, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let release: Released
beforeAll(async () => {
  release = releasedOf(await scriptedHead())
})

const work = workOf(3, 700)
const steps = stepsOf(work, 4)

/** The same with a second and a half of missing video, and with a minute of it. */
const holed = stepsOf(
  work.map((label, i) => ((i >= 200 && i < 206) || (i >= 400 && i < 640) ? null : label)),
  4,
)

const finalsOf = (batches: readonly WatchBatch[]) => batches.flatMap(batch => batch.finals)

/** Cuts reads into pieces of 1 to 60 slots. */
const cutBy = (seed: number) => {
  const random = seededRandom(seed)
  return () => 1 + Math.floor(random() * 60)
}

test('it finds the work, with durations by the media clock', async () => {
  const finals = finalsOf(await watchAll(scriptedReader(steps), release))
  const found = finals.filter(interval => interval.censored === 'none')
  expect(found.length).toBeGreaterThan(15)
  for (const interval of found) {
    expect(interval.durationSource).toBe('media')
    expect(interval.durationMs).toBeCloseTo((interval.endUtcMs - interval.startUtcMs) * mediaRate, 3)
    expect(Math.abs(interval.startUtcMs - interval.startSlot * 250)).toBeLessThanOrEqual(125)
    expect(interval.absoluteErrorMs).toBe(20)
    const middle = Math.floor((interval.startSlot + interval.endSlot) / 2) - origin
    expect(interval.step).toBe(['background', 'pick', 'screw'][work[middle]!])
  }
})

test('work in front of a camera that was turned away is not vouched for, and what lies around it is', async () => {
  const turned = stepsOf(work, 4).map((step, i) => {
    if (step.kind === 'missing' || i < 300 || i >= 360) return step
    return {
      ...step,
      views: Object.fromEntries(Object.entries(step.views).map(([view, x]) => [view, x.map(v => v + 40)])),
    }
  })
  const finals = finalsOf(await watchAll(scriptedReader(turned), release))
  const isTurned = ({ startSlot, endSlot }: { startSlot: number; endSlot: number }) =>
    startSlot - origin < 360 && endSlot - origin > 300
  expect(finals.filter(interval => !isTurned(interval)).every(({ evidence }) => evidence === 'clear')).toBe(true)
  const inside = finals.filter(({ startSlot, endSlot }) => startSlot - origin >= 300 && endSlot - origin <= 360)
  for (const { evidence } of inside) expect(evidence).not.toBe('clear')
})

test('ordinals count from 0 without a hole, in the order of time', async () => {
  const finals = finalsOf(await watchAll(scriptedReader(holed, { piece: cutBy(1) }), release))
  expect(finals.map(interval => interval.ordinal)).toEqual(finals.map((_, i) => i))
  expect(finals.map(interval => interval.startSlot)).toEqual(
    finals.map(interval => interval.startSlot).toSorted((a, b) => a - b),
  )
})

describe.each([
  ['whole video', steps, scriptedHead],
  ['video with gaps', holed, scriptedHead],
  ['video with gaps, and networks that look around each step', holed, scriptedNetworkHead],
])('of %s', (_, video, head) => {
  let release: Released
  beforeAll(async () => {
    release = releasedOf(await head())
  })

  it('the finals are the same however it is cut into batches', async () => {
    const whole = finalsOf(await watchAll(scriptedReader(video), release))
    await fc.assert(
      fc.asyncProperty(fc.integer(), async seed => {
        const cut = await watchAll(scriptedReader(video, { piece: cutBy(seed) }), release)
        expect(finalsOf(cut)).toEqual(whole)
      }),
      { numRuns: 10 },
    )
  })

  it('going on from any cursor equals never having stopped', async () => {
    const batches = await watchAll(scriptedReader(video, { piece: cutBy(7) }), release)
    for (const [i, batch] of batches.entries()) {
      if (i % 3 > 0) continue
      const rest = await watchAll(scriptedReader(video, { piece: cutBy(i) }), release, batch.next)
      expect(finalsOf(rest)).toEqual(finalsOf(batches.slice(i + 1)))
      expect(rest.at(-1)?.next ?? batch.next).toEqual(batches.at(-1)!.next)
    }
  })

  it('batches touch, and what is complete is never contradicted', async () => {
    const batches = await watchAll(scriptedReader(video, { piece: cutBy(5) }), release)
    let at = origin
    let complete = origin
    for (const batch of batches) {
      expect(batch.from).toBe(at)
      expect(batch.completeThrough).toBeGreaterThanOrEqual(complete)
      for (const interval of batch.finals) expect(interval.startSlot).toBeGreaterThanOrEqual(complete)
      at = batch.next.decodedThrough
      complete = batch.completeThrough
    }
    expect(at).toBe(origin + video.length)
  })
})

test('missing video is told of as gaps, and what touches it is censored and has no duration', async () => {
  const batches = await watchAll(scriptedReader(holed), release)
  expect(batches.flatMap(batch => batch.gaps)).toContainEqual({ startSlot: origin + 200, endSlot: origin + 206 })
  const finals = finalsOf(batches)
  const cut = finals.filter(interval => interval.endSlot === origin + 200 || interval.startSlot === origin + 206)
  expect(cut).not.toHaveLength(0)
  for (const interval of cut) {
    expect(interval.censored).not.toBe('none')
    expect(interval.durationMs).toBeNull()
  }
  for (const { startSlot, endSlot } of finals) expect(endSlot <= origin + 200 || startSlot >= origin + 206).toBe(true)
})

test('an embedding that decoding did not wait for is told of with the slots it belongs to', async () => {
  const late = { view: 'revision', encoder: 'encoder', segment: 'segment' }
  const reader = scriptedReader(steps, { late: from => (from === origin ? [late] : []) })
  const batches = await watchAll(reader, release)
  expect(batches[0]!.late).toEqual([late])
  expect(batches.slice(1).flatMap(batch => batch.late)).toEqual([])
})

describe('a run that starts amid the work', () => {
  const fromSlot = origin + 400
  const position = () => startOf({ decodedThrough: fromSlot, runFromSlot: fromSlot })

  it('reads a warm-up before its first slot, and says nothing of it', async () => {
    const reader = scriptedReader(steps)
    const batches = await watchAll(reader, release, position())
    expect(reader.reads[0]!.fromSlot).toBe(fromSlot - warmUpSlots)
    expect(batches[0]!.from).toBe(fromSlot)
    for (const { startSlot, endSlot } of finalsOf(batches)) expect(startSlot + endSlot).toBeGreaterThan(2 * fromSlot)
  })

  it('finds what a run that started earlier finds', async () => {
    const earlier = finalsOf(await watchAll(scriptedReader(steps), release))
    const later = finalsOf(await watchAll(scriptedReader(steps), release, position()))
    const spans = (intervals: typeof later) =>
      intervals.filter(({ startSlot }) => startSlot > fromSlot + 8).map(i => `${i.step} ${i.startSlot} ${i.endSlot}`)
    expect(spans(later)).toEqual(spans(earlier))
  })

  it('waits for a warm-up that is not settled yet', async () => {
    let settled = fromSlot - 100
    const stop = new AbortController()
    let waits = 0
    const watching = watchIntervals(scriptedReader(steps, { settledTo: () => settled }), release, position(), {
      signal: stop.signal,
      now: () => 0,
      awaitMore: async () => {
        waits++
        settled += 60
        if (settled > fromSlot + 200) stop.abort()
      },
    })
    const froms: number[] = []
    for await (const batch of watching) froms.push(batch.from)
    expect(froms[0]).toBe(fromSlot)
    expect(waits).toBeGreaterThanOrEqual(2)
  })
})

test('a view that came after the head was fitted shows it nothing, and does not stop the station', async () => {
  const both = steps.map((step, i) =>
    step.kind === 'missing' ? step : { ...step, views: { ...step.views, new: Float32Array.of(i) } },
  )
  expect(finalsOf(await watchAll(scriptedReader(both), release))).toEqual(
    finalsOf(await watchAll(scriptedReader(steps), release)),
  )
  const onlyNew = steps.map(() => ({ kind: 'observed' as const, views: { new: Float32Array.of(1) } }))
  const batches = await watchAll(scriptedReader(onlyNew), release)
  expect(finalsOf(batches)).toEqual([])
  expect(batches.flatMap(batch => batch.gaps)[0]!.startSlot).toBe(origin)
})

describe('a cursor is refused', () => {
  const checkpointAt = async () => (await watchAll(scriptedReader(steps, { piece: () => 100 }), release))[2]!.next

  it('when its checkpoint ends elsewhere than it says', async () => {
    const cursor = { ...(await checkpointAt()), decodedThrough: origin + 301 }
    await expect(watchAll(scriptedReader(steps), release, cursor)).rejects.toMatchObject({
      code: 'checkpoint-refused',
      status: 400,
    })
  })

  it('when its checkpoint was spoilt anywhere', async () => {
    const cursor = await checkpointAt()
    await fc.assert(
      fc.asyncProperty(fc.nat(cursor.checkpoint.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const checkpoint = cursor.checkpoint.slice()
        checkpoint[at]! ^= flip
        await expect(watchAll(scriptedReader(steps), release, { ...cursor, checkpoint })).rejects.toMatchObject({
          code: 'checkpoint-refused',
        })
      }),
      { numRuns: 50 },
    )
  })

  it('when its checkpoint is garbage', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async checkpoint => {
        await expect(watchAll(scriptedReader(steps), release, startOf({ checkpoint }))).rejects.toMatchObject({
          code: 'checkpoint-refused',
        })
      }),
      { numRuns: 50 },
    )
  })
})
