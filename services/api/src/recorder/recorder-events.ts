import { defineEvents, event } from '@takt/service'

const minute = 60_000

export const recorderEvents = defineEvents({
  runOpened: event<{ station: string; run: string; release: string; fromSlot: number }>({
    level: 'info',
    message: 'a release has taken over a station',
  }),
  batchStale: event<{ station: string; run: string; from: number }>({
    level: 'warn',
    message: 'a batch came too late: somebody else has recorded it',
  }),
  recordingFailed: event<{ station: string; error: unknown }>({
    level: 'error',
    message: 'recording a station failed; it is tried again',
    repeats: { windowMs: minute, key: fields => `${fields.station} ${fields.error}` },
  }),
  windowRevised: event<{
    station: string
    reason: string
    revised: number
    created: number
    removed: number
    cycles: number
  }>({ level: 'info', message: 'a window of timings was decoded anew' }),
  revisionFailed: event<{ station: string; error: unknown }>({
    level: 'error',
    message: 'a window of timings could not be decoded anew; it is tried again',
    repeats: { windowMs: minute, key: fields => `${fields.station} ${fields.error}` },
  }),
  workNotRead: event<{ error: unknown }>({
    level: 'error',
    message: 'what is to be recorded or revised cannot be read',
    repeats: { windowMs: minute, key: fields => `${fields.error}` },
  }),
  partitionsFailed: event<{ error: unknown }>({
    level: 'error',
    message: 'the months ahead have no partitions; timings go to the default one until they have',
    repeats: { windowMs: minute, key: fields => `${fields.error}` },
  }),
})
