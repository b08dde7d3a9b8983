import pino from 'pino'
import type { Redactor } from './redactor.ts'
import { serializeError } from './serialize-error.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type Logger = pino.Logger

export interface LoggerOptions {
  readonly service: string
  readonly level: LogLevel
  readonly redactor: Redactor
  /** Where lines go; standard output by default. */
  readonly write?: (line: string) => void
}

/**
 * One JSON object a line: `level` by name, `time` as RFC 3339, `service`, `event`, ids as fields.
 * Redaction works on the finished line, so that no field, message, stack or cause can pass it by.
 */
export const createLogger = ({ service, level, redactor, write = writeStdout() }: LoggerOptions): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { error: error => serializeError(error), err: error => serializeError(error) },
    },
    { write: line => write(redactor.redact(line)) },
  )

/** Synchronous, so that the last line before an exit is not lost. */
const writeStdout = () => {
  const destination = pino.destination({ dest: 1, sync: true })
  return (line: string) => void destination.write(line)
}
