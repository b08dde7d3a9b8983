import { createHash, createHmac } from 'node:crypto'
import { devEnvError } from './errors.ts'

export interface BucketRequest {
  /** `http://127.0.0.1:7480`. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  /** The request's own time, which the signature covers. */
  readonly now: Date
}

const region = 'us-east-1'
const answerWithinMs = 15_000

/** PUT Bucket; a bucket that is there already is fine. */
export const createBucket = async (request: BucketRequest): Promise<void> => {
  const response = await fetch(`${request.endpoint}/${request.bucket}`, {
    method: 'PUT',
    headers: signedHeaders(request),
    signal: AbortSignal.timeout(answerWithinMs),
  })
  const answer = await response.text()
  if (!response.ok) throw devEnvError('bucket-refused', { bucket: request.bucket, status: response.status, answer })
}

/** AWS Signature Version 4 of a request without body or query (Amazon S3 API reference, "Authenticating requests"). */
export const signedHeaders = ({ endpoint, accessKey, secretKey, bucket, now }: BucketRequest) => {
  const timestamp = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const scope = `${timestamp.slice(0, 8)}/${region}/s3/aws4_request`
  const emptyBody = sha256('')
  const headers = { host: new URL(endpoint).host, 'x-amz-content-sha256': emptyBody, 'x-amz-date': timestamp }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['PUT', `/${bucket}`, '', lines.join(''), names, emptyBody].join('\n')
  const key = scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretKey}`)
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n')
  const signature = hmac(key, toSign).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return { ...headers, authorization }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
