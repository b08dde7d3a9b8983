import type { Jobs, QueueCounts } from './open-jobs.ts'

/** When live work counts as behind, and when it has caught up; between the two nothing changes. */
export interface BackfillPolicy {
  readonly pauseAtAgeSeconds: number
  readonly resumeAtAgeSeconds: number
}

export const defaultBackfillPolicy: BackfillPolicy = { pauseAtAgeSeconds: 8, resumeAtAgeSeconds: 2 }

/** Whether backfill has to wait, given live work's queue and whether it waits now. */
export const backfillShouldPause = (
  live: Pick<QueueCounts, 'oldestWaitingAgeSeconds'>,
  pausedNow: boolean,
  policy: BackfillPolicy,
): boolean => live.oldestWaitingAgeSeconds > (pausedNow ? policy.resumeAtAgeSeconds : policy.pauseAtAgeSeconds)

/** Applies the policy once; safe to call from every worker, as often as wanted. Returns whether backfill is paused now. */
export const applyBackfillPolicy = async (
  jobs: Jobs,
  policy: BackfillPolicy = defaultBackfillPolicy,
): Promise<boolean> => {
  const counts = await jobs.counts()
  const pausedNow = counts['embed-backfill'].paused
  const pause = backfillShouldPause(counts['embed-live'], pausedNow, policy)
  if (pause && !pausedNow) await jobs.pause('embed-backfill')
  if (!pause && pausedNow) await jobs.resume('embed-backfill')
  return pause
}
