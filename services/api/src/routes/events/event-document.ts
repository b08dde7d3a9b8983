import type { StoredMesEvent } from '@takt/db'
import { type MesEventType, mesEventTypes, mesEventValues } from '@takt/domain'
import { z } from 'zod'
import { instant, line, time } from '../../http/fields.ts'

const words = {
  source: line(120).describe('Who tells it: a name that the MES gives itself.'),
  eventId: line(200).describe('What the source calls the event. The same again changes nothing.'),
  station: line(120).describe("A station's id or name."),
  time: instant().describe('When it happened, by the clock of the source.'),
  sentTime: instant()
    .optional()
    .describe('The same clock when this request was sent: it shows how far that clock is off.'),
}
const value = () => line(200)

/** One shape a type, so that a job order is never taken for a serial. */
export const newEvent = z
  .discriminatedUnion('type', [
    z.strictObject({ ...words, type: z.literal('job-order-started'), jobOrderId: value() }),
    z.strictObject({ ...words, type: z.literal('job-order-ended'), jobOrderId: value() }),
    z.strictObject({ ...words, type: z.literal('unit-scanned'), serial: value() }),
    z.strictObject({ ...words, type: z.literal('variant-set'), variant: value() }),
  ])
  .meta({ id: 'NewEvent' })

export type NewEvent = z.output<typeof newEvent>

/** The job order, serial or variant that an event is about. */
export const toldValue = (event: NewEvent): string =>
  (event as Readonly<Record<string, unknown>>)[mesEventValues[event.type]] as string

export const eventDocument = z
  .object({
    id: z.string(),
    source: z.string(),
    eventId: z.string(),
    type: z.enum(mesEventTypes),
    stationId: z.string(),
    jobOrderId: z.string().nullable(),
    serial: z.string().nullable(),
    variant: z.string().nullable(),
    time: time(),
    receivedTime: time(),
    skewMs: z.number().int().nullable().describe('Our clock at arrival less `sentTime`: the offset and the way here.'),
  })
  .meta({ id: 'Event' })

export const presentEvent = (event: StoredMesEvent): z.output<typeof eventDocument> => {
  const { id, source, eventId, type, station, atMs, receivedAtMs, skewMs } = event
  const of = (field: (typeof mesEventValues)[MesEventType]) => (mesEventValues[type] === field ? event.value : null)
  return {
    id,
    source,
    eventId,
    type,
    stationId: station,
    jobOrderId: of('jobOrderId'),
    serial: of('serial'),
    variant: of('variant'),
    time: new Date(atMs).toISOString(),
    receivedTime: new Date(receivedAtMs).toISOString(),
    skewMs,
  }
}

export const sourceDocument = z
  .object({
    source: z.string(),
    events: z.number().int(),
    lastEventTime: time().nullable(),
    lastReceivedTime: time().nullable(),
    lastSkewMs: z.number().int().nullable(),
    leastSkewMs: z
      .number()
      .int()
      .nullable()
      .describe('The nearest to the true offset of its clock: no way here is shorter than 0.'),
    mostSkewMs: z.number().int().nullable(),
  })
  .meta({ id: 'EventSource' })
