import { videoError } from './errors.ts'
import { endFfmpeg, type FfmpegChild, startFfmpeg } from './ffmpeg-child.ts'
import { lastLines } from './last-lines.ts'

type FfmpegRun = { readonly exitCode: number | null; readonly errorLines: readonly string[] }

type RunOptions = {
  readonly args: readonly string[]
  /** What ffmpeg is to do, as the errors say it. */
  readonly what: string
  /** Descriptors 3 and up, each a pipe to be read. */
  readonly outputs: number
  readonly input?: string
  readonly niceness?: number | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** Reads the outputs until they end. */
  readonly read: (child: FfmpegChild) => Promise<unknown>
}

/**
 * Runs ffmpeg to its end and gives its exit code and last error lines.
 *
 * Throws `ffmpeg-timeout`, `ffmpeg-unavailable`, or the signal's reason; the child is always reaped.
 */
export async function runFfmpeg(options: RunOptions): Promise<FfmpegRun> {
  const { args, what, outputs, input, niceness, timeoutMs, signal, read } = options
  signal.throwIfAborted()
  const pipes = Array.from({ length: outputs }, () => 'pipe' as const)
  const stdin = input === undefined ? 'ignore' : 'pipe'
  const child = startFfmpeg(args, { stdio: [stdin, 'ignore', 'pipe', ...pipes], niceness })
  const timeout = AbortSignal.timeout(timeoutMs)
  const end = () => void endFfmpeg(child) // its end shows in `exited`
  const either = AbortSignal.any([signal, timeout])
  either.addEventListener('abort', end, { once: true })
  try {
    child.process.stdin?.on('error', () => child.process.stdin?.destroy()).end(input) // an early exit says why itself
    const [exitCode, errorLines] = await Promise.all([
      child.exited,
      lastLines(child.process.stderr!, line => line),
      read(child),
    ])
    signal.throwIfAborted()
    if (timeout.aborted) throw videoError('ffmpeg-timeout', { what, timeoutMs }, timeout.reason)
    return { exitCode, errorLines }
  } finally {
    either.removeEventListener('abort', end)
    await endFfmpeg(child)
  }
}
