import type { UtcMs } from './grid.ts'
import type { RunId, SessionId, StationId } from './identifiers.ts'
import type { LabelProblem, ProcessProblem } from './problems.ts'

interface ErrorRow<Values> {
  readonly message: (values: Values) => string
  /** Whether the same call can succeed later without anybody changing its input. */
  readonly retryable: boolean
}

const refused = <Values>(message: (values: Values) => string): ErrorRow<Values> => ({ message, retryable: false })

const listed = (problems: readonly { readonly message: string }[]): string => problems.map(p => p.message).join('; ')

/** Every way in which the domain refuses its input. */
export const domainErrors = {
  'segment-empty': refused<{ session: SessionId; sequence: number }>(
    v => `segment ${v.sequence} of session ${v.session} has no duration or no timescale`,
  ),
  'segment-implausible': refused<{ session: SessionId; sequence: number; durationMs: number; elapsedMs: number }>(
    v =>
      `segment ${v.sequence} of session ${v.session} claims ${v.durationMs} ms of video, but closed ${v.elapsedMs} ms after the one before`,
  ),
  'segment-of-another-session': refused<{ session: SessionId; expected: SessionId }>(
    v => `a segment of session ${v.session} was given to the clock of session ${v.expected}`,
  ),
  'segment-out-of-order': refused<{ session: SessionId; sequence: number; last: number }>(
    v => `segment ${v.sequence} of session ${v.session} came after segment ${v.last}`,
  ),
  'coverage-overlap': refused<{ coveredUntilMs: UtcMs; startUtcMs: UtcMs }>(
    v => `coverage reaches until ${v.coveredUntilMs}, but the next segment starts at ${v.startUtcMs}`,
  ),
  'coverage-empty': refused<{ startUtcMs: UtcMs; endUtcMs: UtcMs }>(
    v => `coverage from ${v.startUtcMs} to ${v.endUtcMs} has no length`,
  ),
  'no-required-view': refused<Record<never, never>>(() => 'a station without a required view has no watermark'),
  'interval-empty': refused<{ startSlot: number; endSlot: number }>(
    v => `an interval from slot ${v.startSlot} to slot ${v.endSlot} has no length`,
  ),
  'batch-inconsistent': refused<{ station: StationId; run: RunId; why: string }>(
    v => `a batch of station ${v.station}, run ${v.run}, contradicts itself: ${v.why}`,
  ),
  'process-invalid': refused<{ problems: readonly ProcessProblem[] }>(
    v => `the process is not valid: ${listed(v.problems)}`,
  ),
  'labels-invalid': refused<{ problems: readonly LabelProblem[] }>(
    v => `the labels are not valid: ${listed(v.problems)}`,
  ),
  'label-without-class': refused<{ label: string; classes: readonly string[] }>(
    v => `label "${v.label}" is none of the classes ${v.classes.join(', ')}`,
  ),
  'feed-token-refused': refused<{ why: string }>(v => `this is not a token of the change feed: ${v.why}`),
} as const satisfies Record<string, ErrorRow<never>>

export type DomainErrorCode = keyof typeof domainErrors
type ValuesOf<Code extends DomainErrorCode> = Parameters<(typeof domainErrors)[Code]['message']>[0]

/** A refusal of the domain: its code, the values at fault, and whether trying again helps. */
export class DomainError<Code extends DomainErrorCode = DomainErrorCode> extends Error {
  readonly code: Code
  readonly values: ValuesOf<Code>
  readonly retryable: boolean

  constructor(code: Code, values: ValuesOf<Code>, cause?: unknown) {
    const row = domainErrors[code] as ErrorRow<ValuesOf<Code>>
    super(row.message(values), cause === undefined ? undefined : { cause })
    this.name = 'DomainError'
    this.code = code
    this.values = values
    this.retryable = row.retryable
  }
}
