import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const main = fileURLToPath(new URL('./bare-session-main.ts', import.meta.url))

/** Batches the worker may use for the clips of few segments. */
export const bareBatches = [1, 2, 4] as const

/** CPU-seconds of onnxruntime for so many clips (a multiple of `batch`), in a process that does nothing else. */
export async function bareSessionSeconds(options: {
  readonly clips: number
  readonly batch: number
  readonly signal: AbortSignal
}): Promise<number> {
  const { clips, batch, signal } = options
  const { stdout } = await promisify(execFile)(process.execPath, [main, JSON.stringify({ clips, batch })], { signal })
  return JSON.parse(stdout).cpuSeconds
}
