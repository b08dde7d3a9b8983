import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { trainThrough } from '@takt/runtime'
import { type FitRequest, fitHead } from '@takt/steps'
import type { FitAnswer } from './fit-in-thread.ts'

/** On Linux the thread's own priority, and that of the child process it trains in: a fit gives way to live video. */
const niceness = 10
setPriority(niceness)

/** Batches of some calls and the state, twice. */
const limitBytes = 2 ** 30

const stopping = new AbortController()
// Whatever it is told, it is told to stop; listening keeps no thread alive that has answered.
parentPort!.once('message', () => stopping.abort())
parentPort!.unref()

const { signal } = stopping
const answer = (message: FitAnswer) => parentPort!.postMessage(message)

try {
  const train: FitRequest['train'] = run =>
    trainThrough(run, { provider: 'cpu', threads: 1, niceness, limitBytes, signal })
  answer({ fitted: await fitHead({ ...(workerData as FitRequest), train, signal }) })
} catch (error) {
  const { message, code, retryable } = error as Error & { code?: string; retryable?: boolean }
  answer({ failure: { message, code: code ?? 'fit-failed', retryable: retryable ?? true } })
}
