import type { Redis } from 'ioredis'
import type { JobKind } from './job-kinds.ts'

/** Takes a job out of Redis key by key, whatever lies there: BullMQ's own ways read the job first, and cannot read this one. */
export const forgetJob = async (
  redis: Redis,
  which: { readonly prefix: string; readonly kind: JobKind; readonly jobId: string },
): Promise<void> => {
  const queue = `${which.prefix}:${which.kind}`
  const job = `${queue}:${which.jobId}`
  await redis
    .multi()
    .del(job, `${job}:lock`, `${job}:logs`)
    .lrem(`${queue}:wait`, 0, which.jobId)
    .lrem(`${queue}:active`, 0, which.jobId)
    .srem(`${queue}:stalled`, which.jobId)
    .exec()
}
