import type { Database } from '@takt/db'
import { newestDrift } from '@takt/db/listing'
import type { Metrics } from '@takt/service'
import type { DriftEvidence } from './drift-document.ts'

/** What was measured longer ago says nothing of now, ms. */
const freshMs = 15 * 60_000

/** Tells at each scrape how far views have drifted; several replicas tell the same. */
export function registerDriftMetrics(metrics: Metrics, db: Database, now: () => Date): void {
  // A database that is away leaves no series, rather than old ones.
  const fresh = () => newestDrift(db, new Date(now().getTime() - freshMs)).catch(() => [])
  metrics.gauge({
    name: 'view_drift_ratio',
    help: 'How far a view has drifted from what its encoder and head were made on, in units of how much that varies by itself.',
    labels: ['station', 'view'],
    collect: async gauge => {
      const rows = await fresh()
      gauge.reset()
      for (const { station, view, score } of rows) gauge.set({ station, view }, score)
    },
  })
  metrics.gauge({
    name: 'view_drift_cause_ratio',
    help: 'By cause, what the pixels say of a drift, in units of how much the reference varies by itself.',
    labels: ['station', 'view', 'cause'],
    collect: async gauge => {
      const rows = await fresh()
      gauge.reset()
      for (const { station, view, evidence } of rows) {
        const { background } = evidence as DriftEvidence
        if (!background) continue
        const { light, camera, objects } = background
        gauge.set({ station, view, cause: 'light' }, light)
        gauge.set({ station, view, cause: 'camera' }, camera)
        gauge.set({ station, view, cause: 'object' }, Math.max(0, ...objects.map(ratio => ratio ?? 0)))
      }
    },
  })
}
