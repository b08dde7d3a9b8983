import { Worker } from 'node:worker_threads'
import type { FitRequest, FittedHead } from '@takt/steps'
import { workerError } from '../errors.ts'

/** What the thread says: a head, or why there is none. */
export type FitAnswer =
  | { readonly fitted: FittedHead; readonly failure?: never }
  | {
      readonly failure: { readonly message: string; readonly code: string; readonly retryable: boolean }
      readonly fitted?: never
    }

/** How long a thread may take to stop by itself, so that the process it trains in ends with it. */
const stopMs = 3000

/**
 * Fits a head in a thread of its own, at low priority: a fit computes for minutes, and the worker has locks to renew and
 * live video to embed meanwhile. An abort ends the thread. Throws what fitting throws (by its code), `fit-thread-ended`
 * where the thread is lost, or the signal's reason.
 */
export async function fitInThread(
  request: Omit<FitRequest, 'train' | 'signal' | 'progress'>,
  signal: AbortSignal,
): Promise<FittedHead> {
  signal.throwIfAborted()
  const thread = new Worker(new URL('./fit-thread.ts', import.meta.url), { workerData: request })
  let stopTimer: NodeJS.Timeout | undefined
  const abort = () => {
    thread.postMessage('stop')
    stopTimer = setTimeout(() => void thread.terminate(), stopMs)
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    const answer = await new Promise<FitAnswer>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', cause => reject(workerError('fit-thread-ended', { how: cause.message }, { cause })))
      thread.once('exit', code => reject(workerError('fit-thread-ended', { how: `code ${code}` })))
    })
    if (answer.failure) throw Object.assign(new Error(answer.failure.message), answer.failure)
    return answer.fitted
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    clearTimeout(stopTimer)
    await thread.terminate()
  }
}
