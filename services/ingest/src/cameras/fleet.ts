import type { IngestCamera } from '@takt/db'
import type { CameraId } from '@takt/domain'
import type { KeepContext } from '../keep/keep-context.ts'
import type { KeepItem } from '../keep/keep-item.ts'
import { createKeeper, type Keeper } from '../keep/keeper.ts'
import { diffCameras } from './diff-cameras.ts'
import { type SuperviseOptions, superviseCamera } from './supervise-camera.ts'

export interface FleetOptions extends Omit<SuperviseOptions, 'camera' | 'keeper' | 'signal'> {
  readonly keeping: KeepContext
  /** Ends the supervision of every camera. */
  readonly signal: AbortSignal
}

/** The cameras that run, each under a supervisor, and the keepers of all that they brought. */
export interface Fleet {
  /** Hands over what an earlier run left of a camera, before that camera starts. */
  recover(camera: CameraId, items: readonly KeepItem[]): void
  /** Starts, restarts and stops supervisors so that the listed cameras run as they are listed. */
  apply(cameras: readonly IngestCamera[]): void
  /** Rejects if a supervisor or a keeper fails in a way that none of them foresees; never resolves. */
  readonly failed: Promise<never>
  /** After the signal has aborted: waits for the supervisors, then keeps what is left; what cannot be kept by then stays in the spool. */
  drain(signal: AbortSignal): Promise<void>
}

interface Running {
  readonly camera: IngestCamera
  readonly stop: AbortController
  readonly ended: Promise<void>
}

interface Keeping {
  readonly keeper: Keeper
  readonly ended: Promise<void>
}

export function createFleet(options: FleetOptions): Fleet {
  const { keeping, board, nowMs, signal } = options
  const startedAtMs = nowMs()
  const running = new Map<CameraId, Running>()
  const keepers = new Map<CameraId, Keeping>()
  const seen = new Set<CameraId>()
  const stopping = new Set<Promise<void>>()
  const giveUp = new AbortController()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined) // whoever awaits `failed` is told

  const keeperOf = (id: CameraId, name: string): Keeper => {
    const known = keepers.get(id)
    if (known) return known.keeper
    const keeper = createKeeper(keeping, { id, name })
    keepers.set(id, { keeper, ended: keeper.run(giveUp.signal).catch(failure.reject) })
    return keeper
  }

  const start = (camera: IngestCamera, after: Promise<void>) => {
    const keeper = keeperOf(camera.id, camera.name)
    keeper.camera.name = camera.name
    if (!seen.has(camera.id) && camera.enabled)
      keeper.add({ kind: 'outage', reason: 'ingest-down', untilMs: startedAtMs, settled: false })
    seen.add(camera.id)
    const stop = new AbortController()
    const supervised = { ...options, camera, keeper, signal: AbortSignal.any([signal, stop.signal]) }
    const ended = after.then(() => superviseCamera(supervised)).catch(failure.reject)
    running.set(camera.id, { camera, stop, ended })
  }

  const stop = (id: CameraId): Promise<void> => {
    const { camera, stop, ended } = running.get(id)!
    running.delete(id)
    stop.abort()
    const stopped = ended.then(() => board.forget(camera))
    stopping.add(stopped)
    return stopped.finally(() => stopping.delete(stopped))
  }

  return {
    failed: failure.promise,
    recover: (camera, items) => {
      const keeper = keeperOf(camera, camera)
      for (const item of items) keeper.add(item)
    },
    apply: cameras => {
      if (signal.aborted) return
      const diff = diffCameras(cameras, new Map([...running].map(([id, { camera }]) => [id, camera])))
      for (const id of diff.stop) void stop(id)
      for (const camera of diff.restart) start(camera, stop(camera.id))
      for (const camera of diff.start) start(camera, Promise.resolve())
    },
    drain: async limit => {
      limit.addEventListener('abort', () => giveUp.abort(), { once: true })
      await Promise.all([...stopping, ...[...running.values()].map(each => each.ended)])
      for (const { keeper } of keepers.values()) keeper.finish()
      await Promise.all([...keepers.values()].map(each => each.ended))
      giveUp.abort()
    },
  }
}
