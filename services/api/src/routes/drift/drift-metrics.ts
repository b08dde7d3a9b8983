import type { Database } from '@takt/db'
import { newestDrift } from '@takt/db/listing'
import type { Metrics } from '@takt/service'
import type { DriftEvidence } from './drift-document.ts'

/** What was measured longer ago says nothing of now, ms. */
const freshMs = 15 * 60_000

/** Tells at each scrape how far views have drifted; several replicas tell the same. */
export function registerDriftMetrics(metrics: Metrics, db: Database, now: () => Date): void {
  const causes = metrics.gauge({
    name: 'view_drift_cause_ratio',
    help: 'What of a drift the light, a moved camera and things that came to stay explain, in units of the reference’s own variation.',
    labels: ['station', 'view', 'cause'],
  })
  metrics.gauge({
    name: 'view_drift_ratio',
    help: 'How far a view has drifted from what its encoder and head were made on, in units of the reference’s own variation.',
    labels: ['station', 'view'],
    collect: async gauge => {
      gauge.reset()
      causes.reset()
      // A database that is away leaves no series, rather than old ones.
      const rows = await newestDrift(db, new Date(now().getTime() - freshMs)).catch(() => [])
      for (const { station, view, score, evidence } of rows) {
        gauge.set({ station, view }, score)
        const { background } = evidence as DriftEvidence
        if (!background) continue
        causes.set({ station, view, cause: 'light' }, background.light)
        causes.set({ station, view, cause: 'camera' }, background.camera)
        causes.set({ station, view, cause: 'object' }, Math.max(0, ...background.objects.map(ratio => ratio ?? 0)))
      }
    },
  })
}
