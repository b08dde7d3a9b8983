import { TaktError } from './takt-error.ts'

/** One designed error. The message names the values it was thrown with. */
export interface ErrorRow<Values> {
  readonly message: (values: Values) => string
  readonly retryable: boolean
  /** HTTP status at a border; leave it out for what a client must learn nothing about. */
  readonly status?: number
}

// biome-ignore lint/suspicious/noExplicitAny: the table's rows differ in their values; each is inferred.
export type ErrorTable = Readonly<Record<string, ErrorRow<any>>>

type ValuesOf<Row> = Row extends ErrorRow<infer Values> ? Values : never

/** The second argument may be left out when the message names no value. */
type Arguments<Values> = unknown extends Values
  ? [values?: undefined, options?: { readonly cause?: unknown }]
  : [values: Values, options?: { readonly cause?: unknown }]

/**
 * A package's errors as one typed table: `const blobError = defineErrors({ 'blob-not-found': { message: (v: { key: string }) => … } })`,
 * then `throw blobError('blob-not-found', { key }, { cause })`. The code is written out where it is thrown, so that a log line can be searched for.
 */
export const defineErrors =
  <const Table extends ErrorTable>(table: Table) =>
  <Code extends keyof Table & string>(
    code: Code,
    ...[values, options]: Arguments<ValuesOf<Table[Code]>>
  ): TaktError<Code> => {
    const row = table[code]!
    return new TaktError({
      code,
      message: row.message(values),
      retryable: row.retryable,
      status: row.status,
      details: (values ?? {}) as Readonly<Record<string, unknown>>,
      cause: options?.cause,
    })
  }
