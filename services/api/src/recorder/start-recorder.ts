import type { Database } from '@takt/db'
import { connectSegmenter } from '@takt/rpc'
import type { ServiceContext } from '@takt/service'
import { runRecorder, runRevisions } from './recorder.ts'
import { recorderEvents } from './recorder-events.ts'
import { createRecorderMetrics } from './recorder-metrics.ts'

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
}
