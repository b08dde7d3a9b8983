import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchForStall } from './stall-watchdog.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('silence from the start is a stall', () => {
  const onStall = vi.fn()
  watchForStall(1_000, onStall)
  vi.advanceTimersByTime(999)
  expect(onStall).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(onStall).toHaveBeenCalledOnce()
})

test('each feeding starts the count anew', () => {
  const onStall = vi.fn()
  const watchdog = watchForStall(1_000, onStall)
  for (let fed = 0; fed < 5; fed++) {
    vi.advanceTimersByTime(900)
    watchdog.feed()
  }
  expect(onStall).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(onStall).toHaveBeenCalledOnce()
})

test('a stopped watchdog is silent and holds no timer', () => {
  const onStall = vi.fn()
  watchForStall(1_000, onStall).stop()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(10_000)
  expect(onStall).not.toHaveBeenCalled()
})
