import { defineEvents, event } from '@takt/service'
import type { JobKind } from './job-kinds.ts'

type Which = { readonly kind: JobKind; readonly jobId: string }

/** What a worker logs of its jobs. */
export const jobEvents = defineEvents({
  jobFailed: event<Which & { attempt: number; code: string; error: unknown }>({
    level: 'warn',
    message: 'job failed and will be tried again',
  }),
  jobDead: event<Which & { attempts: number; code: string; error: unknown }>({
    level: 'error',
    message: 'job is dead',
  }),
  deadJobNotRecorded: event<Which & { error: unknown }>({
    level: 'error',
    message: 'a dead job could not be recorded: it stays and comes back',
  }),
  jobStalled: event<Which>({ level: 'warn', message: 'a worker died or froze over this job: it waits again' }),
  jobLockLost: event<Which>({
    level: 'warn',
    message: 'the job is no longer this worker’s: Redis forgot it or gave it to another',
  }),
  jobGivenBack: event<Which>({ level: 'info', message: 'the worker stops: the job went back to its queue' }),
  jobsLeftBehind: event<{ jobIds: readonly string[]; graceMs: number }>({
    level: 'warn',
    message: 'jobs did not end within the grace: they are left to be recovered',
  }),
  redisFault: event<{ kind: JobKind; error: Error }>({
    level: 'warn',
    message: 'the work list in Redis has a fault',
    repeats: { windowMs: 60_000, key: ({ kind, error }) => `${kind} ${error.message.slice(0, 80)}` },
  }),
})

export type JobEvents = ReturnType<typeof jobEvents>
