import { randomUUID } from 'node:crypto'
import { type BigIntStats, constants } from 'node:fs'
import { access, copyFile, link, lstat, mkdir, open, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assertBlobKey, assertBlobPrefix } from './blob-key.ts'
import type { BlobBody, BlobStore, PutOptions, PutOutcome } from './blob-store.ts'
import { contentTypeOf } from './content-type.ts'
import { writeBeside } from './download-whole.ts'
import { blobError } from './errors.ts'
import { listFiles } from './list-files.ts'
import { removeStaleTemporaries } from './remove-stale-temporaries.ts'
import { translateFileError } from './translate-file-error.ts'
import { writeBody } from './write-body.ts'

/** Where unfinished writes lie; no key can name it, since none starts with a dot. */
const temporaries = '.tmp'

/** A directory as object store: one file an object, written beside and renamed, so that a key is whole or absent even after a power cut. Links are no objects; content types follow from the keys. */
export const openFileStore = async (directory: string): Promise<BlobStore> => {
  const store = `file://${directory}`
  const fail = (key: string) => (error: unknown) => {
    throw translateFileError(error, { store, key })
  }
  const fileOf = (key: string) => {
    assertBlobKey(key)
    return join(directory, key)
  }
  await mkdir(join(directory, temporaries), { recursive: true }).catch(fail(''))
  await removeStaleTemporaries(join(directory, temporaries))

  const openObject = async (key: string) => {
    const handle = await open(fileOf(key), constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
      throw isAbsence(error) ? blobError('blob-not-found', { key }, { cause: error }) : error
    })
    const facts = await handle.stat({ bigint: true })
    if (facts.isFile()) return { handle, facts }
    await handle.close()
    throw blobError('blob-not-found', { key })
  }

  const put = async (key: string, body: BlobBody, { ifAbsent = false }: PutOptions): Promise<PutOutcome> => {
    const target = fileOf(key)
    const temporary = join(directory, temporaries, randomUUID())
    try {
      await writeBody(key, body, temporary)
      return await withDirectoryOf(target, async () => {
        if (!ifAbsent) await rename(temporary, target)
        else if (!(await linkUnlessPresent(temporary, target))) return 'present'
        await syncDirectory(dirname(target))
        return 'written'
      })
    } finally {
      await rm(temporary, { force: true })
    }
  }

  const removeObject = async (key: string) => {
    const target = fileOf(key)
    await rm(target, { force: true })
    await removeEmptyDirectories(dirname(target), directory)
  }

  return {
    put: (key, body, options = {}) => put(key, body, options).catch(fail(key)),
    get: async key => {
      const { handle } = await openObject(key).catch(fail(key))
      return handle
        .readFile()
        .catch(fail(key))
        .finally(() => handle.close())
    },
    download: async (key, path) => {
      const { handle } = await openObject(key).catch(fail(key))
      // The kernel copies, from the very file that was opened: a link put in its place meanwhile is not followed.
      const copy = (partial: string) => copyFile(`/proc/self/fd/${handle.fd}`, partial, constants.COPYFILE_EXCL)
      await writeBeside(path, copy)
        .catch(fail(key))
        .finally(() => handle.close())
    },
    stream: async (key, range) => {
      const { handle, facts } = await openObject(key).catch(fail(key))
      const size = Number(facts.size)
      if (range && range.start >= size) {
        await handle.close()
        throw blobError('blob-range-unsatisfiable', { key, start: range.start, size })
      }
      const body = handle.createReadStream({
        start: range?.start ?? 0,
        end: (range?.end ?? Number.POSITIVE_INFINITY) - 1,
      })
      return { body, size, contentType: contentTypeOf(key) }
    },
    stat: async key => {
      const facts = await lstat(fileOf(key), { bigint: true }).catch(error =>
        isAbsence(error) ? null : fail(key)(error),
      )
      return facts?.isFile() ? { size: Number(facts.size), etag: etagOf(facts) } : null
    },
    remove: async key => removeObject(key).catch(error => (isAbsence(error) ? undefined : fail(key)(error))),
    list: prefix => {
      assertBlobPrefix(prefix)
      return listFiles(directory, prefix)
    },
    check: async () => {
      await access(directory, constants.R_OK | constants.W_OK | constants.X_OK).catch((error: unknown) => {
        if (isAbsence(error)) throw blobError('blob-bucket-missing', { store }, { cause: error })
        throw translateFileError(error, { store, key: '' })
      })
    },
    [Symbol.asyncDispose]: async () => undefined,
  }
}

const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')

const etagOf = ({ ino, mtimeNs, size }: BigIntStats): string =>
  `${ino.toString(36)}-${mtimeNs.toString(36)}-${size.toString(36)}`

/** link(2) fails when the name is taken, atomically among all writers; rename(2) would replace. */
const linkUnlessPresent = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** A remover may take an empty directory away between its making and its use: then it is made again. */
const withDirectoryOf = async <Result>(target: string, place: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    await mkdir(dirname(target), { recursive: true })
    try {
      return await place()
    } catch (error) {
      if (!isAbsence(error) || tries === 5) throw error
    }
  }
}

const syncDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const removeEmptyDirectories = async (from: string, root: string): Promise<void> => {
  for (let directory = from; directory.length > root.length; directory = dirname(directory)) {
    try {
      await rmdir(directory)
    } catch (error) {
      if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return
      throw error
    }
  }
}
