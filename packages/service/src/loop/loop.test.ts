import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backoffMs, createAsyncEvent, poll, sleep } from './index.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('backoffMs', () => {
  const options = { firstMs: 100, capMs: 1000 }

  it('doubles up to its cap', () => {
    expect([1, 2, 3, 4, 5, 100, 1e9].map(attempt => backoffMs(attempt, 1, options))).toEqual([
      100, 200, 400, 800, 1000, 1000, 1000,
    ])
  })

  it('spreads over the upper half', () => {
    expect(backoffMs(1, 0, options)).toBe(50)
    expect(backoffMs(1, 0.5, options)).toBe(75)
  })

  it('takes an attempt before the first for the first', () => {
    expect(backoffMs(0, 1, options)).toBe(100)
  })
})

describe('sleep', () => {
  it('ends at once when its signal aborts, and leaves no timer', async () => {
    const stop = new AbortController()
    const slept = sleep(1e6, stop.signal)
    stop.abort()
    await slept
    expect(vi.getTimerCount()).toBe(0)
    await sleep(1e6, stop.signal)
  })
})

describe('an async event', () => {
  it('wakes who waits, and remembers a notify that came before', async () => {
    const { signal } = new AbortController()
    const wake = createAsyncEvent()
    const waited = wake.wait(1e6, signal)
    wake.notify()
    expect(await waited).toBe(true)
    wake.notify()
    wake.notify()
    expect(await wake.wait(1e6, signal)).toBe(true)
    const timedOut = wake.wait(100, signal)
    await vi.advanceTimersByTimeAsync(100)
    expect(await timedOut).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('poll', () => {
  const start = (step: () => Promise<void>, wake = createAsyncEvent()) => {
    const stop = new AbortController()
    const errors: [unknown, number][] = []
    const ended = poll(
      {
        everyMs: 1000,
        signal: stop.signal,
        wake,
        onError: (error, failures) => errors.push([error, failures]),
        random: () => 1,
      },
      step,
    )
    return { stop, errors, ended, wake }
  }

  it('runs one step at a time until it is aborted, and waits for the last one', async () => {
    let running = 0
    let most = 0
    let runs = 0
    const { stop, ended } = start(async () => {
      runs += 1
      running += 1
      most = Math.max(most, running)
      await sleep(300)
      running -= 1
    })
    await vi.advanceTimersByTimeAsync(1300 * 3)
    stop.abort()
    await vi.advanceTimersByTimeAsync(300)
    await ended
    expect({ runs, most, running }).toEqual({ runs: 4, most: 1, running: 0 })
  })

  it('runs early when it is woken, also by a wake-up that came during a step', async () => {
    let runs = 0
    const wake = createAsyncEvent()
    const { stop, ended } = start(async () => {
      runs += 1
      if (runs === 1) wake.notify()
    }, wake)
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(2)
    wake.notify()
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(3)
    stop.abort()
    await ended
  })

  it('reports errors, backs off, ignores wake-ups meanwhile, and starts afresh after a success', async () => {
    const outcomes = ['fail', 'fail', 'succeed', 'fail', 'succeed']
    let runs = 0
    const { stop, errors, ended, wake } = start(async () => {
      runs += 1
      if (outcomes[runs - 1] === 'fail') throw new Error(`run ${runs}`)
    })
    await vi.advanceTimersByTimeAsync(999)
    wake.notify()
    await vi.advanceTimersByTimeAsync(0)
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(runs).toBe(2)
    await vi.advanceTimersByTimeAsync(2000)
    expect(runs).toBe(4)
    stop.abort()
    await ended
    expect(errors.map(([error, failures]) => [(error as Error).message, failures])).toEqual([
      ['run 1', 1],
      ['run 2', 2],
      ['run 4', 1],
    ])
  })

  it('does not take the end it was told to make for an error', async () => {
    const stop = new AbortController()
    const errors: unknown[] = []
    const ended = poll({ everyMs: 1, signal: stop.signal, onError: error => errors.push(error) }, async signal => {
      await sleep(1e6, signal)
      signal.throwIfAborted()
    })
    stop.abort()
    await ended
    expect(errors).toEqual([])
  })
})
