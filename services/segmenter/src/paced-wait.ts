import { type AsyncEvent, sleep } from '@takt/service'

/**
 * Waits for an announcement, or for `pollMs` without one; but comes back no sooner than `leastMs` after it last did. In
 * a plant of many cameras something is announced all the time: a stream that looked each time would keep Postgres busy.
 */
export function pacedWait(
  event: AsyncEvent,
  { pollMs, leastMs }: { readonly pollMs: number; readonly leastMs: number },
): (signal: AbortSignal) => Promise<void> {
  let lastMs = Number.NEGATIVE_INFINITY
  return async signal => {
    await event.wait(pollMs, signal)
    const earlyMs = lastMs + leastMs - Date.now()
    if (earlyMs > 0) await sleep(earlyMs, signal)
    lastMs = Date.now()
  }
}
