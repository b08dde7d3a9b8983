import { type Database, listIngestCameras } from '@takt/db'
import { poll } from '@takt/service/loop'
import type { IngestEvents } from '../events.ts'
import type { Fleet } from './fleet.ts'

/** How soon a change of the cameras is seen. */
const everyMs = 1000

/** Follows the cameras that Postgres lists until `signal` aborts; while Postgres is away those that run go on. */
export const watchCameras = ({
  db,
  fleet,
  events,
  signal,
}: {
  readonly db: Database
  readonly fleet: Pick<Fleet, 'apply'>
  readonly events: IngestEvents
  readonly signal: AbortSignal
}): Promise<void> =>
  poll(
    {
      everyMs,
      signal,
      onError: error => events.cameraListFailed({ error }),
      backoff: { firstMs: everyMs, capMs: 10_000 },
    },
    async () => fleet.apply(await listIngestCameras(db)),
  )
