import { randomBytes } from 'node:crypto'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { devEnvError } from './errors.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { runCommand } from './run-command.ts'
import { isRoot, serverUser, withoutRoot } from './unprivileged.ts'

export interface Cluster {
  readonly directory: string
  readonly password: string
}

export const postgresUser = 'takt'
const initWithinMs = 60_000
const majorVersion = '18'

/** Makes a cluster below `path`, unless one is there; one that a crash left half-made is made anew. */
export const prepareCluster = async (options: {
  readonly binaries: PostgresBinaries
  readonly path: string
  readonly signal?: AbortSignal | undefined
}): Promise<Cluster> => {
  const { binaries, path, signal } = options
  const directory = join(path, 'cluster')
  const passwordFile = join(path, 'password')
  const version = await readIfThere(join(directory, 'PG_VERSION'))
  const password = await readIfThere(passwordFile)
  if (version !== undefined && version !== majorVersion)
    throw devEnvError('cluster-of-another-version', { path: directory, found: version, wanted: majorVersion })
  if (version !== undefined && password !== undefined) return { directory, password }
  return await makeCluster({ binaries, path, directory, passwordFile, signal })
}

const makeCluster = async (options: {
  readonly binaries: PostgresBinaries
  readonly path: string
  readonly directory: string
  readonly passwordFile: string
  readonly signal: AbortSignal | undefined
}): Promise<Cluster> => {
  const { binaries, path, directory, passwordFile, signal } = options
  const unfinished = `${directory}.unfinished`
  const password = randomBytes(16).toString('hex')
  await rm(directory, { recursive: true, force: true })
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(unfinished, { recursive: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (isRoot()) for (const owned of [path, unfinished, passwordFile]) await chown(owned, serverUser.uid, serverUser.gid)
  const { command, args } = withoutRoot({
    command: binaries.initdb,
    args: [
      `--pgdata=${unfinished}`,
      `--username=${postgresUser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--locale=C.UTF-8',
      '--no-instructions',
    ],
  })
  await runCommand(command, args, { withinMs: initWithinMs, signal })
  await rename(unfinished, directory)
  return { directory, password }
}

const readIfThere = async (path: string): Promise<string | undefined> => {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
