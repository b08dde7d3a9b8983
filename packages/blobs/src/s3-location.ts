import { blobError } from './errors.ts'

/** Where a bucket is. */
export interface S3Location {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly region: string
  readonly bucket: string
}

/** Reads `s3://host:port/bucket?region=us-east-1&tls=true`; `tls` is true unless said otherwise. Throws `blob-store-url-invalid`. */
export const parseS3Location = (url: URL): S3Location => {
  const bucket = url.pathname.slice(1)
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw blobError('blob-store-url-invalid', { reason: `${JSON.stringify(bucket)} is not a bucket's name` })
  const tls = url.searchParams.get('tls') !== 'false'
  return {
    host: url.hostname,
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    tls,
    region: url.searchParams.get('region') ?? 'us-east-1',
    bucket,
  }
}
