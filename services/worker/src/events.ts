import { defineEvents, event } from '@takt/service'
import type { LeftOutSegment } from '@takt/video'
import type { TrainingStarted } from './adapt/adapt-encoder.ts'
import type { SegmentDamage } from './embed/embed-segment.ts'
import type { Swept } from './sweep.ts'

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
  segmentDamaged: event<SegmentDamage>({
    level: 'warn',
    message: 'a segment could be decoded in part only; its last picture stands for the rest',
    repeats: { windowMs: minute, key: () => 'damage' },
  }),
  headFitted: event<{ head: string; seconds: number }>({ level: 'info', message: 'a head is fitted' }),
  headWaits: event<{ head: string; error: unknown }>({
    level: 'info',
    message: 'a head waits for labelled video that is being embedded',
    repeats: { windowMs: minute, key: fields => fields.head },
  }),
  trainingStarted: event<TrainingStarted>({ level: 'info', message: 'training of an encoder begins or goes on' }),
  trainingSegmentLeftOut: event<LeftOutSegment>({
    level: 'warn',
    message: 'a segment is left out of training',
    repeats: { windowMs: minute, key: () => 'left out' },
  }),
  trainingReportFailed: event<{ error: unknown }>({
    level: 'warn',
    message: 'how far training is could not be written down; it goes on for as long as its lease lasts',
    repeats: { windowMs: minute, key: () => 'report' },
  }),
  encoderAdapted: event<{ adaptation: string; encoder: string; steps: number; seconds: number }>({
    level: 'info',
    message: 'an encoder has learnt from the stations’ own video',
  }),
  adaptationStopped: event<{ adaptation: string }>({ level: 'info', message: 'an adaptation was stopped as asked' }),
  sweptUp: event<Readonly<Record<Swept, number>>>({
    level: 'info',
    message: 'what waited without a job was put back on the queue',
    repeats: { windowMs: minute, key: () => 'sweep' },
  }),
  driftNotMeasured: event<{ view: string; error: unknown }>({
    level: 'warn',
    message: 'how far a view has drifted could not be measured',
    repeats: { windowMs: minute, key: fields => fields.view },
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
