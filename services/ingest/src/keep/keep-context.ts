import type { BlobStore } from '@takt/blobs'
import type { Database } from '@takt/db'
import type { CameraId } from '@takt/domain'
import type { Jobs } from '@takt/jobs'
import type { IngestEvents } from '../events.ts'
import type { IngestMetrics } from '../metrics.ts'
import type { Spool } from '../spool/spool.ts'

/** What keeping needs of the world. */
export interface KeepContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly jobs: Pick<Jobs, 'add'>
  readonly spool: Spool
  readonly events: IngestEvents
  readonly metrics: IngestMetrics
  readonly nowMs: () => number
}

/** The camera whose items are kept; `name` labels its metrics. */
export interface KeptCamera {
  readonly id: CameraId
  name: string
}
