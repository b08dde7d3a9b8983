import { type Database, embeddedChannel, listen, segmentChannel } from '@takt/db'
import { type AsyncEvent, createAsyncEvent } from '@takt/service'

/** Passes Postgres' announcements on to everyone who waits for more. */
export interface Hints {
  /** A waiter of its own for one stream, until it is disposed. */
  readonly subscribe: () => AsyncEvent & Disposable
  /** Listens until the signal aborts or the connection ends. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

export function createHints(db: Database): Hints {
  const waiting = new Set<AsyncEvent>()
  const announce = () => {
    for (const event of waiting) event.notify()
  }
  return {
    subscribe: () => {
      const event = createAsyncEvent()
      waiting.add(event)
      return { ...event, [Symbol.dispose]: () => waiting.delete(event) }
    },
    run: signal => listen(db, [segmentChannel, embeddedChannel], announce, signal),
  }
}
