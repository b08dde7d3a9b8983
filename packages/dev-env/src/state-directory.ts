import { mkdir, realpath } from 'node:fs/promises'
import { takeLock } from '../bootstrap/lock.mjs'
import { devEnvError } from './errors.ts'

/** A directory that this process alone writes until it is disposed of. */
export interface StateDirectory extends AsyncDisposable {
  readonly path: string
}

/** Makes the directory and locks it; throws `state-directory-in-use` where another process has it. */
export const openStateDirectory = async (path: string): Promise<StateDirectory> => {
  await mkdir(path, { recursive: true })
  const real = await realpath(path)
  const lock = await takeLock(`state ${real}`)
  if (!('release' in lock)) throw devEnvError('state-directory-in-use', { path: real, pid: lock.heldBy })
  return { path: real, [Symbol.asyncDispose]: lock.release }
}
