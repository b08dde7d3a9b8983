import { openRevisionWork, openStationLocks, postponeRevision, type ReleasedStation, releasedStations } from '@takt/db'
import { poll } from '@takt/service'
import { type RecorderContext, recordStation } from './record-station.ts'
import { reviseStation } from './revise-station.ts'

/** How often the stations and their releases are read anew, ms. */
const lookEveryMs = 1_000

/** A gap that still heals is left alone until it has been quiet for so long, ms. */
const quietForMs = 5_000

/**
 * Records every station that has a release, each in a loop of its own, until the signal aborts. Replicas share the
 * stations by advisory locks; these only save work, since a commit is fenced by its cursor.
 */
export async function runRecorder(context: RecorderContext, signal: AbortSignal): Promise<void> {
  const { db, events, metrics } = context
  await using locks = openStationLocks(db)
  const known = new Map<string, ReleasedStation>()
  const recording = new Map<string, Promise<void>>()

  await poll({ everyMs: lookEveryMs, signal, onError: error => events.workNotRead({ error }) }, async () => {
    for (const station of await releasedStations(db)) {
      known.set(station.station, station)
      if (recording.has(station.station) || !(await locks.tryAcquire(station.station))) continue
      recording.set(station.station, keepRecording(station.station))
    }
  })
  await Promise.all(recording.values())

  async function keepRecording(id: string): Promise<void> {
    const latest = () => known.get(id)!
    await poll(
      {
        everyMs: lookEveryMs,
        signal,
        onError: error => events.recordingFailed({ station: latest().name, error }),
        backoff: { firstMs: 500, capMs: 10_000 },
      },
      () => recordStation(context, latest, signal),
    )
    metrics.forgotten(latest().name)
    recording.delete(id)
  }
}

/** Decodes anew what is asked for, one station after the other, until the signal aborts. */
export async function runRevisions(context: RecorderContext, signal: AbortSignal): Promise<void> {
  const { db, events, now } = context
  await poll({ everyMs: lookEveryMs, signal, onError: error => events.workNotRead({ error }) }, async () => {
    for (const work of await openRevisionWork(db, new Date(now() - quietForMs))) {
      if (signal.aborted) return
      // One station that cannot be revised does not hold up the others; its requests wait as if they were new.
      await reviseStation(context, work, signal).catch(async error => {
        if (signal.aborted) return
        events.revisionFailed({ station: work.name, error })
        await postponeRevision(db, work.requests)
      })
    }
  })
}
