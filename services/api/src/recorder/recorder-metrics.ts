import type { Commit, ReleasedHead } from '@takt/db'
import { slotStartMs, type UtcMs } from '@takt/domain'
import type { Metrics } from '@takt/service'

const durations = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800]
const lags = [2, 4, 6, 8, 10, 12, 15, 20, 30, 45, 60, 120, 300, 900]
const ratios = [0.25, 0.5, 0.75, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5]

/** What the recorder tells of a plant's work. Only this replica's stations are counted here. */
export function createRecorderMetrics(metrics: Metrics, now: () => UtcMs) {
  const stepDuration = metrics.histogram({
    name: 'step_duration_seconds',
    help: 'Durations of uncensored steps, as first recorded.',
    labels: ['station', 'step'],
    buckets: durations,
  })
  const stepDeviation = metrics.histogram({
    name: 'step_expected_ratio',
    help: 'Duration of a step over what its process expects.',
    labels: ['station', 'step'],
    buckets: ratios,
  })
  const cycleDuration = metrics.histogram({
    name: 'cycle_duration_seconds',
    help: 'Durations of uncensored cycles, as first recorded.',
    labels: ['station'],
    buckets: durations,
  })
  const deviations = metrics.counter({
    name: 'cycle_deviations_total',
    help: 'Cycles with a missing or repeated step, or steps out of order.',
    labels: ['station', 'deviation'],
  })
  const intervals = metrics.counter({
    name: 'recorder_intervals_total',
    help: 'Final intervals recorded, by what missing video has cut off.',
    labels: ['station', 'censored'],
  })
  const lag = metrics.histogram({
    name: 'timing_lag_seconds',
    help: 'From the end of a step in front of the camera to its final interval in Postgres.',
    labels: ['station'],
    buckets: lags,
  })
  const complete = new Map<string, number>()
  metrics.gauge({
    name: 'station_lag_seconds',
    help: 'How far back the time lies up to which a station is complete.',
    labels: ['station'],
    collect: gauge => {
      gauge.reset()
      for (const [station, slot] of complete) gauge.set({ station }, (now() - slotStartMs(slot)) / 1000)
    },
  })
  return {
    recorded(station: string, commit: Commit, released: ReleasedHead): void {
      complete.set(station, commit.next.completeThrough)
      for (const row of commit.intervals) {
        const step = released.steps.find(candidate => candidate.id === row.stepId)!
        intervals.inc({ station, censored: row.censored })
        lag.observe({ station }, (now() - row.endsAt) / 1000)
        if (row.durationMs === null) continue
        stepDuration.observe({ station, step: step.name }, row.durationMs / 1000)
        if (step.expectedMs) stepDeviation.observe({ station, step: step.name }, row.durationMs / step.expectedMs)
      }
      for (const row of commit.cycles) {
        if (row.durationMs !== null) cycleDuration.observe({ station }, row.durationMs / 1000)
        if (row.missing.length > 0) deviations.inc({ station, deviation: 'missing' })
        if (row.repeated.length > 0) deviations.inc({ station, deviation: 'repeated' })
        if (row.outOfOrder) deviations.inc({ station, deviation: 'out-of-order' })
      }
    },
    /** A station that this replica records no longer has no lag here. */
    forgotten: (station: string) => void complete.delete(station),
    stale: metrics.counter({
      name: 'recorder_stale_batches_total',
      help: 'Batches that somebody else had recorded first.',
    }),
    revised: metrics.counter({
      name: 'recorder_revised_timings_total',
      help: 'Timings changed by decoding a window anew, by what became of them.',
      labels: ['kind'],
    }),
  }
}

export type RecorderMetrics = ReturnType<typeof createRecorderMetrics>
