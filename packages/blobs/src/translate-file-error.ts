import { isTaktError } from '@takt/service/errors'
import { blobError } from './errors.ts'

/** Names what the file system said about `key` under the directory `store`. */
export const translateFileError = (
  error: unknown,
  { store, key }: { readonly store: string; readonly key: string },
): Error => {
  if (isTaktError(error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
  const options = { cause: error }
  switch (code) {
    case 'ENOENT':
      return blobError('blob-not-found', { key }, options)
    case 'EEXIST': // mkdir's word for a file where a directory has to be.
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENAMETOOLONG':
      return blobError(
        'blob-key-refused',
        { key, reason: `a file store cannot hold it beside the keys it has (${code})` },
        options,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return blobError('blob-store-full', { store, reason: code }, options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return blobError('blob-store-denied', { store, reason: code }, options)
    case 'EMFILE':
    case 'ENFILE':
    case 'EBUSY':
    case 'EIO':
      return blobError('blob-store-busy', { store, reason: code }, options)
    default:
      return blobError('blob-store-failed', { store, reason: error instanceof Error ? error.message : code }, options)
  }
}
