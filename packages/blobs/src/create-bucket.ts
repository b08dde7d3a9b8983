import { Client } from 'minio'
import { blobError } from './errors.ts'
import type { BlobCredentials } from './open-blob-store.ts'
import { parseS3Location } from './s3-location.ts'
import { translateS3Error } from './translate-s3-error.ts'

/** Makes the bucket that an `s3:` URL names, unless it is there. Returns whether it was made. Running it twice changes nothing. */
export const createBucket = async (url: URL, { accessKey, secretKey }: BlobCredentials): Promise<boolean> => {
  if (url.protocol !== 's3:')
    throw blobError('blob-store-url-invalid', { reason: `it starts with ${url.protocol}, which has no buckets` })
  const { host, port, tls, region, bucket } = parseS3Location(url)
  const client = new Client({
    endPoint: host,
    port,
    useSSL: tls,
    region,
    accessKey,
    secretKey: secretKey.reveal(),
    pathStyle: true,
  })
  try {
    if (await client.bucketExists(bucket)) return false
    await client.makeBucket(bucket, region)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'BucketAlreadyOwnedByYou') return false
    throw translateS3Error(error, { store: `s3://${host}:${port}/${bucket}`, key: '' })
  }
}
