import { fileURLToPath } from 'node:url'
import type { Secret } from '@takt/service'
import type { BlobStore } from './blob-store.ts'
import { blobError } from './errors.ts'
import { openFileStore } from './file-store.ts'
import { parseS3Location } from './s3-location.ts'
import { openS3Store } from './s3-store.ts'

/** For `s3:`; the keys of one S3 user. */
export interface BlobCredentials {
  readonly accessKey: string
  readonly secretKey: Secret
}

/**
 * Opens `file:///dir` (made if it is missing) or `s3://host:port/bucket?region=us-east-1&tls=true` (path style; `tls` is true unless said otherwise).
 * Makes no request: `check()` says whether the store can be used. Throws `blob-store-url-invalid`.
 */
export const openBlobStore = async (url: URL | string, credentials?: BlobCredentials): Promise<BlobStore> => {
  const parsed = parseUrl(url)
  if (parsed.protocol === 'file:') {
    if (parsed.host !== '')
      throw blobError('blob-store-url-invalid', { reason: 'a directory of another host cannot be opened' })
    return openFileStore(fileURLToPath(parsed))
  }
  if (parsed.protocol !== 's3:')
    throw blobError('blob-store-url-invalid', { reason: `it starts with ${parsed.protocol}, not file: or s3:` })
  if (parsed.username || parsed.password)
    throw blobError('blob-store-url-invalid', { reason: 'credentials do not belong in it' })
  if (!credentials) throw blobError('blob-store-url-invalid', { reason: 's3: needs an access key and a secret key' })
  return openS3Store({ ...parseS3Location(parsed), ...credentials })
}

const parseUrl = (url: URL | string): URL => {
  if (typeof url !== 'string') return url
  if (!URL.canParse(url)) throw blobError('blob-store-url-invalid', { reason: 'it is not a URL' })
  return new URL(url)
}
