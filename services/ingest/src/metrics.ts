import { type CameraState, cameraStates } from '@takt/domain'
import type { Metrics } from '@takt/service'
import type { PlannedLink } from './keep/plan-coverage.ts'
import type { Spool } from './spool/spool.ts'

export type IngestMetrics = ReturnType<typeof ingestMetrics>

/** What a plant watches of its cameras and of ingest; `camera` is the camera's name. */
export const ingestMetrics = (metrics: Metrics, spool: Pick<Spool, 'bytes' | 'segments' | 'limitBytes'>) => {
  const byCamera = ['camera'] as const
  metrics.gauge({
    name: 'spool_bytes',
    help: 'Video that waits in the spool.',
    collect: gauge => gauge.set(spool.bytes),
  })
  metrics.gauge({
    name: 'spool_segments',
    help: 'Segments that wait in the spool.',
    collect: gauge => gauge.set(spool.segments),
  })
  metrics.gauge({ name: 'spool_limit_bytes', help: 'What the spool may hold.' }).set(spool.limitBytes)
  const up = metrics.gauge({ name: 'camera_up', help: '1 while video of the camera arrives.', labels: byCamera })
  const state = metrics.gauge({
    name: 'camera_state',
    help: '1 for the state that the camera is in.',
    labels: ['camera', 'state'],
  })
  const coverageSeconds = metrics.counter({
    name: 'coverage_seconds_total',
    help: 'Time of the camera that was accounted for, observed or lost and why.',
    labels: ['camera', 'state', 'reason'],
  })
  const perCamera = {
    reconnects: metrics.counter({ name: 'camera_reconnects_total', help: 'Tries after the first.', labels: byCamera }),
    segments: metrics.counter({ name: 'segments_total', help: 'Segments kept.', labels: byCamera }),
    segmentBytes: metrics.counter({ name: 'segment_bytes_total', help: 'Video kept.', labels: byCamera }),
    clockOffset: metrics.gauge({
      name: 'camera_clock_ahead_seconds',
      help: "The camera's own clock minus the host's, by sender reports against closing times; negative includes the delay of arrival.",
      labels: byCamera,
    }),
    clockUntrusted: metrics.gauge({
      name: 'camera_clock_untrusted',
      help: '1 while media time runs off by more than 0.5 % and arrival times are used.',
      labels: byCamera,
    }),
  }
  return {
    ...perCamera,
    keepFailures: metrics.counter({
      name: 'ingest_keep_failures_total',
      help: 'Tries to keep a segment that failed.',
      labels: byCamera,
    }),
    lag: metrics.histogram({
      name: 'ingest_lag_seconds',
      help: "From a segment's end to its commit.",
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600],
    }),
    showState: (camera: string, current: CameraState) => {
      up.set({ camera }, current === 'streaming' ? 1 : 0)
      for (const each of cameraStates) state.set({ camera, state: each }, each === current ? 1 : 0)
    },
    countCoverage: (camera: string, links: readonly PlannedLink[]) => {
      for (const link of links)
        coverageSeconds.inc(
          { camera, state: link.state, reason: link.reason ?? 'none' },
          (link.endUtcMs - link.startUtcMs) / 1000,
        )
    },
    /** A removed or renamed camera leaves no stale state behind; its counters stay, as counters do. */
    forget: (camera: string) => {
      up.remove({ camera })
      for (const each of cameraStates) state.remove({ camera, state: each })
      perCamera.clockOffset.remove({ camera })
      perCamera.clockUntrusted.remove({ camera })
    },
  }
}
