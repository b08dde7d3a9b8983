import { Worker } from 'node:worker_threads'
import type { DiscoveredWork, DiscoveryRequest } from '@takt/steps'
import { workerError } from '../errors.ts'

/**
 * Discovers in a thread of its own, at low priority: it computes for a minute, and the worker has locks to renew. An
 * abort ends the thread. Throws `discover-thread-ended` where the thread is lost or fails, or the signal's reason.
 */
export async function discoverInThread(
  request: Omit<DiscoveryRequest, 'signal'>,
  signal: AbortSignal,
): Promise<DiscoveredWork> {
  signal.throwIfAborted()
  const thread = new Worker(new URL('./discover-thread.ts', import.meta.url), { workerData: request })
  const abort = () => void thread.terminate()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await new Promise<DiscoveredWork>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', cause => reject(workerError('discover-thread-ended', { how: cause.message }, { cause })))
      thread.once('exit', code => reject(workerError('discover-thread-ended', { how: `code ${code}` })))
    })
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
    await thread.terminate()
  }
}
