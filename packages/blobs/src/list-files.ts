import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobEntry } from './blob-store.ts'
import { translateFileError } from './translate-file-error.ts'

/** Every object under `directory` whose key starts with `prefix`, in the order of keys; what vanishes meanwhile is left out. */
export async function* listFiles(directory: string, prefix: string): AsyncGenerator<BlobEntry> {
  const parent = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  yield* walk(directory, parent, prefix)
}

async function* walk(directory: string, parent: string, prefix: string): AsyncGenerator<BlobEntry> {
  for (const { name, isDirectory } of await entriesOf(directory, parent)) {
    const key = parent + name
    if (!key.startsWith(prefix) && !prefix.startsWith(key)) continue
    if (isDirectory) yield* walk(directory, key, prefix)
    else if (key.startsWith(prefix)) {
      const size = await sizeOf(directory, key)
      if (size !== null) yield { key, size }
    }
  }
}

/** Directories sort with their slash, as the keys below them do: `a-b` comes before `a/b`. */
const entriesOf = async (directory: string, parent: string) => {
  const entries = await readdir(join(directory, parent), { withFileTypes: true }).catch(
    absentOr<Dirent[]>(directory, parent, []),
  )
  return entries
    .filter(entry => !entry.name.startsWith('.') && (entry.isFile() || entry.isDirectory()))
    .map(entry => ({ name: entry.isDirectory() ? `${entry.name}/` : entry.name, isDirectory: entry.isDirectory() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

const sizeOf = (directory: string, key: string): Promise<number | null> =>
  stat(join(directory, key)).then(({ size }) => size, absentOr<number | null>(directory, key, null))

const absentOr =
  <Value>(directory: string, key: string, absent: Value) =>
  (error: unknown): Value => {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return absent
    throw translateFileError(error, { store: `file://${directory}`, key })
  }
