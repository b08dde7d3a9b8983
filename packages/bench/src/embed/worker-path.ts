import { setTimeout as sleep } from 'node:timers/promises'
import type { BlobStore } from '@takt/blobs'
import type { Database } from '@takt/db'
import type { Plant } from '@takt/dev-env'
import type { CameraId } from '@takt/domain'
import type { Jobs } from '@takt/jobs'
import { benchError } from '../errors.ts'
import type { CutSegment } from '../material/cut-segments.ts'
import { cpuBetween, type TreeCpu, treeCpu } from '../measure/process-cpu.ts'
import { keepCut } from './keep-cut.ts'

export interface WorkerBench {
  readonly plant: Plant
  readonly db: Database
  readonly blobs: BlobStore
  readonly jobs: Jobs
  readonly camera: CameraId
  readonly signal: AbortSignal
}

export interface WorkerCpu {
  /** `own`: the worker's Node. `living`: the child that runs the encoder. `reaped`: its ffmpeg children. */
  readonly worker: TreeCpu
  /** Of Postgres and Redis meanwhile. */
  readonly servers: number
  readonly wallSeconds: number
}

const longestWaitMs = 300_000

/** Has the worker embed the segments, as jobs that all wait at once, and gives what that cost it. */
export async function embedByWorker(
  bench: WorkerBench,
  { segments, startMs }: { readonly segments: readonly CutSegment[]; readonly startMs: number },
): Promise<WorkerCpu> {
  const { plant, db, jobs, camera, signal } = bench
  const ids = await keepCut(bench, { camera, segments, startMs })
  const servers = async () => (await treeCpu(plant.postgres.pid)).total + (await treeCpu(plant.redis.pid)).total
  const [worker, serversBefore, startedMs] = [
    await treeCpu(plant.services.worker.pid),
    await servers(),
    performance.now(),
  ]
  await jobs.addBulk(ids.map(segmentId => ({ kind: 'embed-live', args: { segmentId } })))
  for (let open = ids.length; open > 0; ) {
    await sleep(250, undefined, { signal })
    open = await db.prisma.embedding.count({ where: { segmentId: { in: [...ids] }, state: { not: 'embedded' } } })
    if (performance.now() - startedMs > longestWaitMs)
      throw benchError('nothing-measured', { what: `${open} segments were not embedded` })
  }
  return {
    worker: cpuBetween(worker, await treeCpu(plant.services.worker.pid)),
    servers: (await servers()) - serversBefore,
    wallSeconds: (performance.now() - startedMs) / 1000,
  }
}
