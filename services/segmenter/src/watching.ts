import type { Metrics } from '@takt/service'
import { segmenterError } from './errors.ts'
import type { segmenterEvents } from './events.ts'
import type { RunPosition } from './open-cursor.ts'
import type { WatchBatch } from './watch-intervals.ts'

/** The streams that are open, counted, bounded and told of. */
export interface Watching {
  /** Throws `too-many-streams`. */
  readonly open: (cursor: RunPosition) => Disposable & { readonly sent: (batch: WatchBatch) => void }
}

export function createWatching(metrics: Metrics, events: ReturnType<typeof segmenterEvents>, limit: number): Watching {
  const streams = metrics.gauge({ name: 'segmenter_streams', help: 'Stations that are being decoded for a client.' })
  const slots = metrics.counter({ name: 'segmenter_slots_total', help: 'Slots of 250 ms decoded.' })
  const intervals = metrics.counter({ name: 'segmenter_intervals_total', help: 'Final intervals sent.' })
  const late = metrics.counter({
    name: 'segmenter_late_slots_total',
    help: 'Embeddings that decoding passed over as late.',
  })
  let open = 0
  return {
    open: cursor => {
      if (open >= limit) throw segmenterError('too-many-streams', { limit })
      streams.set(++open)
      events.streamOpened({ station: cursor.station, run: cursor.run, fromSlot: cursor.decodedThrough })
      let batches = 0
      return {
        sent: batch => {
          batches++
          slots.inc(batch.next.decodedThrough - batch.from)
          intervals.inc(batch.finals.length)
          late.inc(batch.late.length)
          if (batch.late.length > 0) events.slotsLate({ station: cursor.station, slots: batch.late.length })
        },
        [Symbol.dispose]: () => {
          streams.set(--open)
          events.streamClosed({ station: cursor.station, run: cursor.run, batches })
        },
      }
    },
  }
}
