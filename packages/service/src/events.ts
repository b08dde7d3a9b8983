import type { Logger, LogLevel } from './logger.ts'
import { foldRepeats } from './repeats.ts'

/** One business event: its level, its sentence and its fields' type. */
export interface EventRow<Fields extends object> {
  readonly level: Exclude<LogLevel, 'silent'>
  readonly message: string
  /** For faults that recur: events with the same key are logged once a window, with the count of those folded away. */
  readonly repeats?: { readonly windowMs: number; readonly key: (fields: Fields) => string }
}

/** A row with its fields' type: `event<{ cameraId: string }>({ level: 'warn', message: 'camera sends nothing' })`. */
export const event = <Fields extends object = Record<never, never>>(row: EventRow<Fields>): EventRow<NoInfer<Fields>> =>
  row

// biome-ignore lint/suspicious/noExplicitAny: the table's rows differ in their fields; each is inferred.
type EventTable = Readonly<Record<string, EventRow<any>>>

/** One function per event. */
export type Events<Table extends EventTable> = {
  readonly [Name in keyof Table]: Table[Name] extends EventRow<infer Fields>
    ? (...fields: [keyof Fields] extends [never] ? [] : [Fields]) => void
    : never
}

/** A service's events as one table; `defineEvents({...})(logger)` gives the functions that log them. */
export const defineEvents =
  <const Table extends EventTable>(table: Table) =>
  (logger: Logger): Events<Table> => {
    const functions = Object.entries(table).map(([name, row]) => [name, eventFunction(name, row, logger)])
    return Object.fromEntries(functions) as Events<Table>
  }

const eventFunction = (name: string, row: EventRow<object>, logger: Logger) => {
  const log = (fields: object, repeated: number) =>
    logger[row.level]({ event: name, ...fields, ...(repeated > 0 && { repeated }) }, row.message)
  const { repeats } = row
  if (!repeats) return (fields: object = {}) => log(fields, 0)
  const folded = foldRepeats({ windowMs: repeats.windowMs, emit: log })
  return (fields: object = {}) => folded.record(repeats.key(fields), fields)
}
