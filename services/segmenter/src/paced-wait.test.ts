import { createAsyncEvent } from '@takt/service'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pacedWait } from './paced-wait.ts'

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

/** The instants at which a stream looks, when something is announced every `everyMs`. */
async function looksDuring(ms: number, everyMs: number | null, signal = new AbortController().signal) {
  const event = createAsyncEvent()
  const announcing = everyMs === null ? undefined : setInterval(() => event.notify(), everyMs)
  const wait = pacedWait(event, { pollMs: 1000, leastMs: 250 })
  const looks: number[] = []
  let running = true
  const looking = (async () => {
    while (running) {
      await wait(signal)
      if (running) looks.push(Date.now())
    }
  })()
  await vi.advanceTimersByTimeAsync(ms)
  running = false
  clearInterval(announcing)
  await vi.advanceTimersByTimeAsync(1000)
  await looking
  return looks
}

test('an announcement after a quiet time is looked at at once', async () => {
  expect(await looksDuring(1500, 700)).toEqual([700, 1400])
})

test('announcements that never cease are looked at in paces', async () => {
  expect(await looksDuring(1005, 10)).toEqual([10, 260, 510, 760])
})

test('without announcements it polls', async () => {
  expect(await looksDuring(2500, null)).toEqual([1000, 2000])
})

test('it ends at once with its signal', async () => {
  const wait = pacedWait(createAsyncEvent(), { pollMs: 1000, leastMs: 250 })
  await wait(AbortSignal.abort())
  expect(vi.getTimerCount()).toBe(0)
})
