import { type AsyncEvent, createAsyncEvent } from './async-event.ts'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import { sleep } from './sleep.ts'

export interface PollOptions {
  /** Pause after a run that succeeded. */
  readonly everyMs: number
  readonly signal: AbortSignal
  /** Ends the pause early. A hint: the loop is right without it. It does not shorten the wait after an error. */
  readonly wake?: AsyncEvent
  /** Told of every error, with the number of failures in a row. */
  readonly onError: (error: unknown, failures: number) => void
  /** Waits after errors; by default from `everyMs`, capped at the larger of 30 s and `everyMs`. */
  readonly backoff?: BackoffOptions
  readonly random?: () => number
}

/** Runs `step` again and again, one at a time, until `signal` aborts; resolves once the last run has ended. Never rejects. */
export const poll = async (options: PollOptions, step: (signal: AbortSignal) => Promise<void>): Promise<void> => {
  const { everyMs, signal, onError, random = Math.random } = options
  const wake = options.wake ?? createAsyncEvent()
  const backoff = options.backoff ?? { firstMs: Math.max(everyMs, 100), capMs: Math.max(everyMs, 30_000) }
  let failures = 0
  while (!signal.aborted) {
    try {
      await step(signal)
      failures = 0
      await wake.wait(everyMs, signal)
    } catch (error) {
      // A step that ends by the abort it was given has done as told.
      if (signal.aborted && isAbort(error, signal)) return
      failures += 1
      onError(error, failures)
      await sleep(backoffMs(failures, random(), backoff), signal)
    }
  }
}

const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  error === signal.reason || (error instanceof Error && error.name === 'AbortError')
