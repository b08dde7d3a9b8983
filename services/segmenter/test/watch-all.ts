import type { StationReader } from '@takt/timeline'
import type { RunPosition } from '../src/open-cursor.ts'
import type { Released } from '../src/released.ts'
import { type WatchBatch, watchIntervals } from '../src/watch-intervals.ts'
import { origin, run, station } from './scripted-station.ts'

export const startOf = (position: Partial<RunPosition> = {}): RunPosition => ({
  station,
  run,
  decodedThrough: origin,
  runFromSlot: origin,
  nextOrdinal: 0,
  checkpoint: new Uint8Array(),
  ...position,
})

/** Every batch until the reader has nothing more. */
export async function watchAll(
  reader: StationReader,
  release: Released,
  cursor: RunPosition = startOf(),
): Promise<WatchBatch[]> {
  const stop = new AbortController()
  const batches: WatchBatch[] = []
  const watching = watchIntervals(reader, release, cursor, {
    signal: stop.signal,
    now: () => 0,
    awaitMore: async () => stop.abort(),
  })
  for await (const batch of watching) batches.push(batch)
  return batches
}
