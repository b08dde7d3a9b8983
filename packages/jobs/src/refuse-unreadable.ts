import { Job as QueuedJob, type Worker } from 'bullmq'
import { jobError } from './errors.ts'
import type { JobEvents } from './job-events.ts'
import type { JobKind } from './job-kinds.ts'
import type { DeadJob, JobWorkerOptions } from './job-worker-options.ts'

export interface RefuseUnreadableContext {
  readonly kind: JobKind
  readonly onDead: JobWorkerOptions['onDead']
  /** Takes the job out of Redis without reading it. */
  readonly forget: (jobId: string) => Promise<void>
  readonly events: JobEvents
}

/**
 * A job whose hash is not even JSON cannot be started: BullMQ fails to read it, drops it and finds it stalled, for ever.
 * Called for each stalled job: reports such a one dead and takes it out of Redis.
 */
export const refuseUnreadable = async (
  worker: Worker,
  jobId: string,
  { kind, onDead, forget, events }: RefuseUnreadableContext,
): Promise<void> => {
  if (await isReadable(worker, jobId)) return
  const error = jobError('job-args-invalid', { kind, problems: ['what lies in Redis is not a job'] })
  await onDead({ kind, jobId, args: null, attempts: 0, error } as DeadJob)
  await forget(jobId)
  events.jobDead({ kind, jobId, attempts: 0, code: error.code, error })
}

const isReadable = async (worker: Worker, jobId: string): Promise<boolean> => {
  try {
    await QueuedJob.fromId(worker, jobId)
    return true
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return false
    throw error
  }
}
