import { defineEvents, event } from '@takt/service'

/** What the one-shot logs. */
export const prepareEvents = defineEvents({
  schemaReady: event<{ partitionsThrough: string }>({ level: 'info', message: 'the database has its schema' }),
  bucketReady: event<{ made: boolean }>({ level: 'info', message: 'the object store has its bucket' }),
  prepareFailed: event<{ error: unknown }>({ level: 'fatal', message: 'the plant could not be prepared' }),
})

export type PrepareEvents = ReturnType<typeof prepareEvents>
