import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs ffmpeg to its end and gives what it printed; throws with its last words. */
export async function ffmpeg(args: readonly string[], signal: AbortSignal): Promise<string> {
  const { stdout } = await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', ...args], { signal })
  return stdout
}
