import { defineEvents, event } from '@takt/service'

const minute = 60_000

export const workerEvents = defineEvents({
  encoderRegistered: event<{ encoder: string; method: string }>({
    level: 'warn',
    message: 'the plant starts with an encoder that has learnt nothing yet',
  }),
  segmentEmbedded: event<{ segment: string; slots: number; seconds: number }>({
    level: 'debug',
    message: 'a segment is embedded',
  }),
  attemptFailed: event<{ kind: string; id: string; attempt: number; error: unknown }>({
    level: 'warn',
    message: 'a job failed and will be tried again',
    repeats: { windowMs: minute, key: fields => `${fields.kind} ${fields.error}` },
  }),
  jobDead: event<{ kind: string; id: string; attempts: number; error: unknown }>({
    level: 'error',
    message: 'a job failed for the last time',
  }),
  headFitted: event<{ head: string; seconds: number }>({ level: 'info', message: 'a head is fitted' }),
  sweptUp: event<{ segments: number }>({
    level: 'info',
    message: 'open embeddings were put back on the queue',
    repeats: { windowMs: minute, key: () => 'sweep' },
  }),
  housekeepingFailed: event<{ task: string; error: unknown }>({
    level: 'warn',
    message: 'a recurring task failed; it goes on',
    repeats: { windowMs: minute, key: fields => `${fields.task} ${fields.error}` },
  }),
  backfillPaused: event<{ paused: boolean }>({
    level: 'info',
    message: 'backfill gives way to live video, or goes on',
  }),
})
