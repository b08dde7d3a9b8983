import { type Database, ensureMonthPartitions } from '@takt/db'
import { connectSegmenter } from '@takt/rpc'
import { poll, type ServiceContext } from '@takt/service'
import { runRecorder, runRevisions } from './recorder.ts'
import { recorderEvents } from './recorder-events.ts'
import { createRecorderMetrics } from './recorder-metrics.ts'

/** How often the months ahead are looked after, ms. */
const hourMs = 3_600_000

/** Records from the segmenter at `address` for as long as the service runs. */
export function startRecorder<Config>(service: ServiceContext<Config>, db: Database, address: string): void {
  const segmenter = connectSegmenter(address)
  service.defer('segmenter', () => segmenter[Symbol.dispose]())
  const context = {
    db,
    segmenter,
    events: recorderEvents(service.logger),
    metrics: createRecorderMetrics(service.metrics, Date.now),
    now: Date.now,
  }
  service.background('recorder', signal => runRecorder(context, signal))
  service.background('revisions', signal => runRevisions(context, signal))
  service.background('partitions', signal =>
    poll({ everyMs: hourMs, signal, onError: error => context.events.partitionsFailed({ error }) }, async () => {
      await ensureMonthPartitions(db, Date.now())
    }),
  )
}
