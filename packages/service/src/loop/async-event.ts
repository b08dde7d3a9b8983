/** A wake-up that is remembered: a `notify` while nobody waits ends the next wait at once. Several notifies count as one. */
export interface AsyncEvent {
  notify(): void
  /** Resolves to true when notified, to false after `timeoutMs` or when `signal` aborts. One waiter at a time. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<boolean>
}

export const createAsyncEvent = (): AsyncEvent => {
  let pending = false
  let wake: (() => void) | undefined
  const take = () => {
    const taken = pending
    pending = false
    return taken
  }
  return {
    notify: () => {
      pending = true
      wake?.()
    },
    wait: async (timeoutMs, signal) => {
      if (pending || signal.aborted) return take()
      await new Promise<void>(resolve => {
        const end = () => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          wake = undefined
          resolve()
        }
        const timer = setTimeout(end, timeoutMs)
        signal.addEventListener('abort', end)
        wake = end
      })
      return take()
    },
  }
}
