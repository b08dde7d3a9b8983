/** The one package that talks to Redis: a list of work whose truth lies in Postgres. */

export type { BackfillPolicy } from './backfill-policy.ts'
export { applyBackfillPolicy, backfillShouldPause } from './backfill-policy.ts'
export { jobError } from './errors.ts'
export type { Job, JobArgs, JobKind } from './job-kinds.ts'
export { jobId, jobKindNames, jobKinds } from './job-kinds.ts'
export { startJobWorker } from './job-worker.ts'
export type { DeadJob, JobContext, JobHandlers, JobWorker, JobWorkerOptions } from './job-worker-options.ts'
export type { Jobs, OpenJobsOptions, QueueCounts } from './open-jobs.ts'
export { openJobs } from './open-jobs.ts'
