type ErrorRow<Values> = { readonly retryable: boolean; readonly message: (values: Values) => string }

const row = <Values>(message: (values: Values) => string): ErrorRow<Values> => ({ retryable: false, message })

/** Every fault this package names. */
export const RECORDING_ERRORS = {
  'range-malformed': row<{ text: string }>(v => `"${v.text}" is no range of seconds such as 0-45`),
  'range-outside': row<{ range: string; lengthSeconds: number }>(
    v => `the range ${v.range} s lies outside a recording of ${v.lengthSeconds} s`,
  ),
  'nothing-labelled': row<{ ranges: string }>(
    v => `no label has time within ${v.ranges}: there is nothing to learn from`,
  ),
  'nothing-to-test': row<{ ranges: string }>(v => `${v.ranges} cover the whole recording: nothing is left to predict`),
  'label-outside': row<{ label: string; startSeconds: number; endSeconds: number; lengthSeconds: number }>(
    v => `label ${v.label} at ${v.startSeconds}–${v.endSeconds} s lies outside a recording of ${v.lengthSeconds} s`,
  ),
  'too-short-to-learn': row<{ video: string; frames: number }>(
    v => `${v.video} has no stretch of ${v.frames} frames for an encoder to learn from`,
  ),
  'budget-too-short': row<{ budgetMs: number }>(
    v => `${v.budgetMs / 1000} s are over before an encoder has begun to learn from labels`,
  ),
  'encoder-collapsed': row<{ method: string; step: number; lost: string }>(
    v => `by ${v.method} the encoder's features collapsed by step ${v.step} (${v.lost}); another method may do`,
  ),
} as const

export type RecordingErrorCode = keyof typeof RECORDING_ERRORS
type ValuesOf<Code extends RecordingErrorCode> =
  (typeof RECORDING_ERRORS)[Code] extends ErrorRow<infer Values> ? Values : never

/** A named fault of this package; `code` is a row of `RECORDING_ERRORS`. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
  readonly code: RecordingErrorCode
  readonly retryable = false

  constructor(code: RecordingErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Builds the error of a table row from the values it names. */
export function recordingError<Code extends RecordingErrorCode>(code: Code, values: ValuesOf<Code>): RecordingError {
  const { message } = RECORDING_ERRORS[code] as ErrorRow<ValuesOf<Code>>
  return new RecordingError(code, message(values))
}
