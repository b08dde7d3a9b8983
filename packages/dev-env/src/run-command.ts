import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { childEnvironment } from './config.ts'
import { devEnvError } from './errors.ts'

const outputLimitBytes = 16 * 1024 * 1024

/** Runs a program to its end and returns its standard output; throws `command-failed` with what it wrote. Bounded by `withinMs`. */
export const runCommand = async (
  command: string,
  args: readonly string[],
  options: {
    readonly withinMs: number
    readonly env?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal | undefined
  },
): Promise<string> => {
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      env: { ...childEnvironment(), ...options.env },
      timeout: options.withinMs,
      maxBuffer: outputLimitBytes,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    return stdout
  } catch (cause) {
    options.signal?.throwIfAborted()
    const failure = cause as { code?: unknown; signal?: unknown; killed?: boolean; stdout?: string; stderr?: string }
    const how = failure.killed ? `not done in ${options.withinMs} ms` : String(failure.signal ?? failure.code)
    const output = `${failure.stdout ?? ''}${failure.stderr ?? ''}`.trim().slice(-4000)
    throw devEnvError('command-failed', { command: `${command} ${args[0] ?? ''}`.trim(), how, output }, { cause })
  }
}
