type ErrorRow<Values> = { readonly retryable: boolean; readonly message: (values: Values) => string }

const row = <Values>(retryable: boolean, message: (values: Values) => string): ErrorRow<Values> => ({
  retryable,
  message,
})

/** Every fault this package names: what it says and whether the same call may succeed later. */
export const VIDEO_ERRORS = {
  'segment-empty': row<{ source: string }>(false, v => `${v.source} holds no bytes`),
  'segment-too-large': row<{ source: string; bytes: number; limit: number }>(
    false,
    v => `${v.source} holds ${v.bytes} bytes, more than the ${v.limit} that a segment may`,
  ),
  'segment-not-mp4': row<{ source: string }>(false, v => `${v.source} does not start as an MP4 file does`),
  'segment-truncated': row<{ box: string; at: number; end: number; available: number }>(
    false,
    v => `box ${v.box} at byte ${v.at} ends at ${v.end}, but the file ends at ${v.available}`,
  ),
  'segment-malformed': row<{ box: string; at: number; reason: string }>(
    false,
    v => `box ${v.box} at byte ${v.at}: ${v.reason}`,
  ),
  'segment-without-fragments': row<{ source: string }>(false, v => `${v.source} holds no movie fragment`),
  'segment-not-video': row<{ source: string }>(false, v => `${v.source} holds no video track`),
  'segment-wrong-codec': row<{ source: string; codec: string }>(
    false,
    v => `${v.source} holds ${v.codec} video, neither H.264 nor H.265`,
  ),
  'url-invalid': row<{ reason: string }>(false, v => `the camera's URL is refused: ${v.reason}`),
  'capture-invalid': row<{ option: string; value: string }>(false, v => `capture cannot use ${v.option} ${v.value}`),
  'range-invalid': row<{ from: number; to: number; reason: string }>(
    false,
    v => `the range from ${v.from} s to ${v.to} s is refused: ${v.reason}`,
  ),
  'rendition-invalid': row<{ id: string; reason: string }>(false, v => `rendition ${v.id} is refused: ${v.reason}`),
  'decode-nothing': row<{ input: string; detail: string }>(
    false,
    v => `no picture could be decoded from ${v.input}: ${v.detail}`,
  ),
  'still-missing': row<{ input: string; atSeconds: number; detail: string }>(
    false,
    v => `${v.input} shows no picture at ${v.atSeconds} s: ${v.detail}`,
  ),
  'join-failed': row<{ output: string; detail: string }>(false, v => `${v.output} could not be written: ${v.detail}`),
  'clips-invalid': row<{ option: string; value: number; wanted: string }>(
    false,
    v => `training clips cannot be cut with ${v.option} ${v.value}, which is not ${v.wanted}`,
  ),
  'clips-without-room': row<{ limitBytes: number; neededBytes: number }>(
    false,
    v => `training clips need ${v.neededBytes} bytes of decoded frames, more than the ${v.limitBytes} allowed`,
  ),
  'clips-without-segments': row<{ segments: number }>(
    false,
    v => `none of ${v.segments} segments can be used to train on`,
  ),
  'segment-too-short': row<{ id: string; frames: number; needed: number }>(
    false,
    v => `segment ${v.id} has ${v.frames} frames on the grid, fewer than the ${v.needed} of a clip`,
  ),
  'segment-damaged': row<{ id: string; decoded: number; frames: number; detail: string }>(
    false,
    v => `only ${v.decoded} of the ${v.frames} frames of segment ${v.id} could be decoded: ${v.detail}`,
  ),
  'ffmpeg-timeout': row<{ what: string; timeoutMs: number }>(
    true,
    v => `ffmpeg did not ${v.what} within ${v.timeoutMs} ms and was ended`,
  ),
  'ffmpeg-unavailable': row<{ program: string }>(true, v => `${v.program} could not be started`),
} as const

export type VideoErrorCode = keyof typeof VIDEO_ERRORS
type ValuesOf<Code extends VideoErrorCode> = (typeof VIDEO_ERRORS)[Code] extends ErrorRow<infer Values> ? Values : never

/** A named fault of this package; `code` is a row of `VIDEO_ERRORS`. */
export class VideoError extends Error {
  override readonly name = 'VideoError'
  readonly code: VideoErrorCode
  readonly retryable: boolean

  constructor(code: VideoErrorCode, retryable: boolean, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.retryable = retryable
  }
}

/** Builds the error of a table row from the values it names. */
export function videoError<Code extends VideoErrorCode>(
  code: Code,
  values: ValuesOf<Code>,
  cause?: unknown,
): VideoError {
  const { retryable, message } = VIDEO_ERRORS[code] as ErrorRow<ValuesOf<Code>>
  return new VideoError(code, retryable, message(values), cause === undefined ? undefined : { cause })
}
