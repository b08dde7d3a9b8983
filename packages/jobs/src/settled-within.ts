import { sleep } from '@takt/service/loop'

/** Resolves when all have settled, or after `ms`, whichever comes first; leaves no timer behind. */
export const settledWithin = async (ms: number, promises: readonly Promise<unknown>[]): Promise<void> => {
  const done = new AbortController()
  await Promise.race([Promise.allSettled(promises), sleep(ms, done.signal)])
  done.abort()
}
