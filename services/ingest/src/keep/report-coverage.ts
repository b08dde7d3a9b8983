import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { PlannedLink } from './plan-coverage.ts'

/** Counts the links that were written, and logs those that are lost. */
export function reportCoverage(
  { metrics, events }: KeepContext,
  camera: KeptCamera,
  coverage: readonly PlannedLink[],
): void {
  metrics.countCoverage(camera.name, coverage)
  for (const { reason, startUtcMs, endUtcMs } of coverage) {
    if (reason === null) continue
    const [from, until] = [startUtcMs, endUtcMs].map(ms => new Date(ms).toISOString())
    events.videoLost({ cameraId: camera.id, reason, from: from!, until: until! })
  }
}
