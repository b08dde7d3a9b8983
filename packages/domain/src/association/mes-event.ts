import type { UtcMs } from '../grid.ts'

/** What an MES tells of a station, with the value that each kind is about. */
export const mesEventValues = {
  'job-order-started': 'jobOrderId',
  'job-order-ended': 'jobOrderId',
  'unit-scanned': 'serial',
  'variant-set': 'variant',
} as const

export type MesEventType = keyof typeof mesEventValues
export const mesEventTypes = Object.keys(mesEventValues) as [MesEventType, ...MesEventType[]]

/** One event of one station. `(source, eventId)` is its identity, whatever arrives when. */
export interface MesEvent {
  readonly source: string
  readonly eventId: string
  readonly type: MesEventType
  /** The job order, serial or variant. */
  readonly value: string
  readonly atMs: UtcMs
}

/** Events in the order of their time; where times are the same, of their names, so that no arrival decides. */
export const inTimeOrder = (events: readonly MesEvent[]): readonly MesEvent[] =>
  events.toSorted((a, b) => a.atMs - b.atMs || compare(a.source, b.source) || compare(a.eventId, b.eventId))

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
