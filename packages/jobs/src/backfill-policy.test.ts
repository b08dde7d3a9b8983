import { describe, expect, it } from 'vitest'
import { applyBackfillPolicy, backfillShouldPause } from './backfill-policy.ts'
import type { Jobs } from './open-jobs.ts'

const policy = { pauseAtAgeSeconds: 8, resumeAtAgeSeconds: 2 }
const live = (oldestWaitingAgeSeconds: number) => ({ oldestWaitingAgeSeconds })

describe('backfill', () => {
  it('pauses once live work has waited too long', () => {
    expect(backfillShouldPause(live(8), false, policy)).toBe(false)
    expect(backfillShouldPause(live(8.1), false, policy)).toBe(true)
  })

  it('stays paused until live work has caught up, so that it does not flutter', () => {
    expect(backfillShouldPause(live(5), true, policy)).toBe(true)
    expect(backfillShouldPause(live(5), false, policy)).toBe(false)
    expect(backfillShouldPause(live(2), true, policy)).toBe(false)
  })

  it('is told only when something changes', async () => {
    const told: string[] = []
    const jobsWith = (age: number, paused: boolean) => {
      const counts = { waiting: 0, active: 0, delayed: 0, oldestWaitingAgeSeconds: age, paused: false }
      const all = {
        'embed-live': counts,
        'embed-backfill': { ...counts, paused },
        train: counts,
        adapt: counts,
        discover: counts,
      }
      const jobs: Pick<Jobs, 'counts' | 'pause' | 'resume'> = {
        counts: async () => all,
        pause: async kind => void told.push(`pause ${kind}`),
        resume: async kind => void told.push(`resume ${kind}`),
      }
      return jobs as Jobs
    }
    expect(await applyBackfillPolicy(jobsWith(20, false), policy)).toBe(true)
    expect(await applyBackfillPolicy(jobsWith(20, true), policy)).toBe(true)
    expect(await applyBackfillPolicy(jobsWith(0, true), policy)).toBe(false)
    expect(await applyBackfillPolicy(jobsWith(0, false), policy)).toBe(false)
    expect(told).toEqual(['pause embed-backfill', 'resume embed-backfill'])
  })
})
