import { type Database, recordCameraState } from '@takt/db'
import type { CameraId, CameraState } from '@takt/domain'
import { createAsyncEvent, poll } from '@takt/service/loop'
import type { IngestEvents } from '../events.ts'
import type { IngestMetrics } from '../metrics.ts'

interface Shown {
  readonly state: CameraState
  readonly detail: string | null
  readonly atMs: number
}

/** Shows each camera's state: at once as metric and event, and in Postgres as soon as that answers. */
export interface StateBoard {
  show(camera: { readonly id: CameraId; readonly name: string }, state: CameraState, detail: string | null): void
  stateOf(camera: CameraId): CameraState | undefined
  forget(camera: { readonly id: CameraId; readonly name: string }): void
  /** Records until `signal` aborts. While Postgres is away only each camera's latest state waits. */
  run(signal: AbortSignal): Promise<void>
  /** Records what waits, once. */
  flush(): Promise<void>
}

export function createStateBoard({
  db,
  events,
  metrics,
  nowMs,
}: {
  readonly db: Database
  readonly events: IngestEvents
  readonly metrics: IngestMetrics
  readonly nowMs: () => number
}): StateBoard {
  const shown = new Map<CameraId, Shown>()
  const unrecorded = new Map<CameraId, Shown>()
  const wake = createAsyncEvent()

  const flush = async () => {
    for (const [camera, row] of unrecorded) {
      try {
        await recordCameraState(db, { camera, state: row.state, detail: row.detail, at: new Date(row.atMs) })
      } catch (error) {
        events.stateNotRecorded({ cameraId: camera, error })
        throw error
      }
      if (unrecorded.get(camera) === row) unrecorded.delete(camera)
    }
  }

  return {
    show: ({ id, name }, state, detail) => {
      const before = shown.get(id)
      if (before?.state === state && before.detail === detail) return
      const row = { state, detail, atMs: nowMs() }
      shown.set(id, row)
      unrecorded.set(id, row)
      metrics.showState(name, state)
      if (before?.state !== state) events.cameraStateChanged({ cameraId: id, state, detail })
      wake.notify()
    },
    stateOf: camera => shown.get(camera)?.state,
    forget: ({ id, name }) => {
      shown.delete(id)
      unrecorded.delete(id)
      metrics.forget(name)
    },
    // `flush` has told of the error already.
    run: signal =>
      poll(
        { everyMs: 60_000, signal, wake, onError: () => undefined, backoff: { firstMs: 500, capMs: 10_000 } },
        flush,
      ),
    flush,
  }
}
