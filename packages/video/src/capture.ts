import { announceSegments, type SegmentListeners } from './announce-segments.ts'
import { parseCameraUrl } from './camera-url.ts'
import { cameraList, captureArguments, type Transport } from './capture-command.ts'
import { type CaptureOutcome, classifyExit } from './capture-outcome.ts'
import { videoError } from './errors.ts'
import { endFfmpeg, type FfmpegChild, startFfmpeg } from './ffmpeg-child.ts'
import { lastLines } from './last-lines.ts'
import { redact } from './redact.ts'
import { type Timers, watchForStall } from './stall-watchdog.ts'

export type CaptureOptions = SegmentListeners & {
  readonly url: string
  readonly transport: Transport
  readonly directory: string
  /** Files are `<prefix>00000.mp4` and so on; letters, digits, `-` and `_`. */
  readonly prefix: string
  readonly segmentSeconds?: number
  /** ffmpeg's own patience with a silent socket. */
  readonly timeoutMs?: number
  /** Longest time without a closed segment before the camera counts as stalled. */
  readonly stallMs?: number
  readonly signal: AbortSignal
  readonly timers?: Timers
}

/**
 * Copies one camera into segments until it ends, and says how it ended; it knows nothing of trying again.
 *
 * Aborting `signal` lets ffmpeg close the running segment, which is still announced. Throws `url-invalid`,
 * `capture-invalid` and `ffmpeg-unavailable`, and what the callbacks throw; no fault of a camera is thrown.
 */
export async function capture(options: CaptureOptions): Promise<CaptureOutcome> {
  const { directory, prefix, segmentSeconds = 4, timeoutMs = 5_000, signal } = options
  const stallMs = options.stallMs ?? timeoutMs + 5 * segmentSeconds * 1_000
  const url = parseCameraUrl(options.url)
  refuseUnusable(prefix, segmentSeconds, timeoutMs)
  if (signal.aborted) return { kind: 'aborted', reason: 'aborted', detail: '', segments: 0, exitCode: null }

  const child = startFfmpeg(captureArguments(prefix, segmentSeconds), { cwd: directory, stdio: 'pipe' })
  const ending = endOnce(child)
  const onAbort = () => ending.end({ kind: 'aborted', reason: 'aborted' })
  const watchdog = watchForStall(stallMs, () => ending.end({ kind: 'stalled', reason: 'no-segment' }), options.timers)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    sendList(child, cameraList(url, options.transport, timeoutMs))
    const [segments, errorLines, exitCode] = await Promise.all([
      announceSegments(child.process.stdout!, {
        ...options,
        onAnnounced: watchdog.feed,
        onWrongCodec: codec => ending.end({ kind: 'wrong-codec', reason: codec }),
      }),
      lastLines(child.process.stderr!, line => redact(line, url.secrets)),
      child.exited,
    ])
    const verdict = ending.asked ?? classifyExit(exitCode, errorLines, segments)
    return { ...verdict, detail: errorLines.join('\n'), segments, exitCode }
  } finally {
    watchdog.stop()
    signal.removeEventListener('abort', onAbort)
    await endFfmpeg(child)
  }
}

type AskedEnd = Pick<CaptureOutcome, 'kind' | 'reason'>
type Ending = { readonly asked: AskedEnd | undefined; readonly end: (why: AskedEnd) => void }

/** Ends the child at the first request and remembers why. */
function endOnce(child: FfmpegChild): Ending {
  let asked: AskedEnd | undefined
  return {
    get asked() {
      return asked
    },
    end(why) {
      if (asked) return
      asked = why
      void endFfmpeg(child) // `exited`, awaited by `capture`, is where its end shows
    },
  }
}

function refuseUnusable(prefix: string, segmentSeconds: number, timeoutMs: number): void {
  if (!/^[\w-]*$/.test(prefix)) throw videoError('capture-invalid', { option: 'prefix', value: JSON.stringify(prefix) })
  for (const [option, value] of Object.entries({ segmentSeconds, timeoutMs })) {
    if (!(value > 0 && Number.isFinite(value))) throw videoError('capture-invalid', { option, value: String(value) })
  }
}

function sendList(child: FfmpegChild, list: string): void {
  const stdin = child.process.stdin!
  stdin.on('error', () => stdin.destroy()) // a child that died before it read the list says so by its exit
  stdin.end(list)
}
