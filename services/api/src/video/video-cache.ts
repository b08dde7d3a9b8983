import { createHash } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'

/** Files that can be made again, on disk, within a bound; what was used longest ago goes first. */
export interface VideoCache {
  /**
   * The path of the file of that key. `make` writes it to the path it is given; of several callers at once one makes it,
   * and who makes it decides when to give up.
   */
  readonly file: (key: string, make: (path: string) => Promise<void>) => Promise<string>
  /** A directory for a piece of work, removed after it. */
  readonly workspace: <Result>(work: (directory: string) => Promise<Result>) => Promise<Result>
}

export async function openVideoCache({
  directory,
  maxBytes,
}: {
  readonly directory: string
  readonly maxBytes: number
}): Promise<VideoCache> {
  const files = join(directory, 'files')
  const scratch = join(directory, `scratch-${process.pid}-${crypto.randomUUID().slice(0, 8)}`)
  await mkdir(files, { recursive: true })
  await removeAbandoned(directory)
  const inMaking = new Map<string, Promise<string>>()

  const workspace: VideoCache['workspace'] = async work => {
    const own = join(scratch, crypto.randomUUID())
    await mkdir(own, { recursive: true })
    try {
      return await work(own)
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }

  const makeFile = async (path: string, make: (path: string) => Promise<void>) => {
    await workspace(async own => {
      const unfinished = join(own, 'made')
      await make(unfinished)
      await rename(unfinished, path)
    })
    await makeRoom(files, maxBytes, path)
    return path
  }

  return {
    workspace,
    file: async (key, make) => {
      const name = createHash('sha256').update(key).digest('hex')
      const path = join(files, name)
      if (await touch(path)) return path
      const making = inMaking.get(name) ?? makeFile(path, make).finally(() => inMaking.delete(name))
      inMaking.set(name, making)
      return making
    },
  }
}

/** No piece of work lasts so long: what is older was left by a process that died. */
const abandonedAfterMs = 86_400_000

const removeAbandoned = async (directory: string): Promise<void> => {
  for (const name of await readdir(directory)) {
    if (!name.startsWith('scratch-')) continue
    const path = join(directory, name)
    const found = await stat(path).catch(() => null) // Its own process may have removed it.
    if (found && found.mtimeMs < Date.now() - abandonedAfterMs) await rm(path, { recursive: true, force: true })
  }
}

/** Marks a file as used now; false where there is none. */
const touch = async (path: string): Promise<boolean> => {
  const now = new Date()
  return utimes(path, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** Removes what was used longest ago until the rest fits; the file just made stays. A reader that has a file open keeps it. */
const makeRoom = async (files: string, maxBytes: number, made: string): Promise<void> => {
  const names = await readdir(files)
  const stats = await Promise.all(
    names.map(async name => {
      const path = join(files, name)
      const found = await stat(path).catch(() => null) // Another request may have removed it.
      return found && { path, bytes: found.size, usedAtMs: found.mtimeMs }
    }),
  )
  const entries = stats.filter(entry => entry !== null).sort((a, b) => a.usedAtMs - b.usedAtMs)
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  for (const entry of entries) {
    if (bytes <= maxBytes) return
    if (entry.path === made) continue
    await rm(entry.path, { force: true })
    bytes -= entry.bytes
  }
}
