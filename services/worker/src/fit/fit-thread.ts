import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { type FitRequest, fitHead } from '@takt/steps'
import type { FitAnswer } from './fit-in-thread.ts'

// On Linux this is the thread's own priority: a fit gives way to live video.
setPriority(10)

const answer = (message: FitAnswer) => parentPort!.postMessage(message)

try {
  answer({ fitted: await fitHead(workerData as FitRequest) })
} catch (error) {
  const { message, code, retryable } = error as Error & { code?: string; retryable?: boolean }
  answer({ failure: { message, code: code ?? 'fit-failed', retryable: retryable ?? true } })
}
