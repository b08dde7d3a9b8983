import { defineEvents, event } from '@takt/service'

const minute = 60_000

export const segmenterEvents = defineEvents({
  listening: event<{ address: string; port: number }>({ level: 'info', message: 'segmentation is served' }),
  streamOpened: event<{ station: string; run: string; fromSlot: number }>({
    level: 'info',
    message: 'a station is decoded for a client',
  }),
  streamClosed: event<{ station: string; run: string; batches: number }>({
    level: 'info',
    message: 'a client stopped listening',
  }),
  slotsLate: event<{ station: string; slots: number }>({
    level: 'warn',
    message: 'decoding did not wait for embeddings any longer',
    repeats: { windowMs: minute, key: fields => fields.station },
  }),
  windowDecoded: event<{ station: string; slots: number; intervals: number }>({
    level: 'info',
    message: 'a past window was decoded anew',
  }),
  callFailed: event<{ call: string; error: unknown }>({
    level: 'error',
    message: 'a call failed',
    repeats: { windowMs: minute, key: fields => `${fields.call} ${fields.error}` },
  }),
  hintsLost: event<{ error: unknown }>({
    level: 'warn',
    message: 'announcements are not heard; polling goes on',
    repeats: { windowMs: minute, key: () => 'hints' },
  }),
})
