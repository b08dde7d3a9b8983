import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { videoError } from './errors.ts'

/**
 * The children's whole environment: a host's `FFREPORT` would write camera credentials to a file, and its colours
 * would break the reading of error lines.
 */
const CHILD_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', AV_LOG_FORCE_NOCOLOR: '1' }

/** What is tried in turn to end a child, each followed by its bounded wait; the last cannot be refused. */
const ENDINGS: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[] = [
  { signal: 'SIGINT', waitMs: 2_000 }, // ffmpeg closes its outputs
  { signal: 'SIGTERM', waitMs: 2_000 }, // a second signal also breaks off a blocked read
  { signal: 'SIGKILL', waitMs: 2_000 },
]

/** A running ffmpeg with its exit; `exited` rejects with `ffmpeg-unavailable` where it could not be started. */
export type FfmpegChild = { readonly process: ChildProcess; readonly exited: Promise<number | null> }

/**
 * Run before ffmpeg takes its place: has the kernel end the child when this process is killed. Left to itself ffmpeg
 * ignores its broken pipes and goes on recording beside its successor.
 */
const DIE_WITH_PARENT = ['--pdeathsig', 'TERM', '--'] as const
const COMMAND_NOT_FOUND = 127

type StartOptions = Pick<SpawnOptions, 'cwd' | 'stdio'> & {
  /** How far the child stands back for others, 0 to 19. */
  readonly niceness?: number | undefined
}

/** Starts ffmpeg; whoever calls awaits `exited`, which comes after its pipes have closed. */
export function startFfmpeg(args: readonly string[], { niceness = 0, ...options }: StartOptions): FfmpegChild {
  const command = ['nice', '-n', String(niceness), 'ffmpeg', ...args]
  const child = spawn('setpriv', [...DIE_WITH_PARENT, ...command], { ...options, env: CHILD_ENVIRONMENT })
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', cause => reject(videoError('ffmpeg-unavailable', { program: 'setpriv' }, cause)))
    child.once('close', code => {
      if (code === COMMAND_NOT_FOUND) reject(videoError('ffmpeg-unavailable', { program: 'ffmpeg' }))
      else resolve(code)
    })
  })
  return { process: child, exited }
}

/** Ends a child, gently first: SIGINT lets it close its files, SIGKILL is certain. */
export async function endFfmpeg({ process, exited }: FfmpegChild): Promise<void> {
  const done = exited.then(
    () => true,
    () => true, // it never started; whoever awaits `exited` is told
  )
  for (const { signal, waitMs } of ENDINGS) {
    process.kill(signal)
    const timer = new AbortController()
    const isDone = await Promise.race([done, sleep(waitMs, false, { signal: timer.signal }).catch(() => false)])
    timer.abort()
    if (isDone) return
  }
}
