import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Secret } from '@takt/service'
import { hasCode } from '@takt/service/errors'
import { Client } from 'minio'
import { assertBlobKey, assertBlobPrefix } from './blob-key.ts'
import type { BlobBody, BlobEntry, BlobRange, BlobStore, PutOptions, PutOutcome } from './blob-store.ts'
import { contentTypeOf } from './content-type.ts'
import { downloadWhole } from './download-whole.ts'
import { blobError } from './errors.ts'
import { prepareUpload } from './s3-upload.ts'
import { createTimedTransport } from './timed-transport.ts'
import { translateS3Error } from './translate-s3-error.ts'

export interface S3StoreOptions {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly region: string
  readonly bucket: string
  readonly accessKey: string
  readonly secretKey: Secret
  /** A request over which no byte comes or goes for this long is given up. Default 20 s. */
  readonly idleTimeoutMs?: number
}

/**
 * A bucket of any S3 server, path style, with plain GET, PUT, HEAD, DELETE and ListObjectsV2; `ifAbsent` needs `If-None-Match: *`,
 * which AWS, Ceph and MinIO have. The client does not retry: the loops that call this do.
 */
export const openS3Store = (options: S3StoreOptions): BlobStore => {
  const { host, port, tls, region, bucket, accessKey, secretKey, idleTimeoutMs = 20_000 } = options
  const store = `s3://${host}:${port}/${bucket}`
  const { agent, transport } = createTimedTransport({ tls, idleTimeoutMs })
  const client = new Client({
    endPoint: host,
    port,
    useSSL: tls,
    region,
    accessKey,
    secretKey: secretKey.reveal(),
    pathStyle: true,
    transport: transport as never, // Only `request` is used; the client's type wants the whole http module.
    transportAgent: agent,
    retryOptions: { disableRetry: true },
  })
  const fail = (key: string) => (error: unknown) => {
    throw translateS3Error(error, { store, key })
  }

  const put = async (
    key: string,
    body: BlobBody,
    { contentType = contentTypeOf(key), ifAbsent = false }: PutOptions,
  ): Promise<PutOutcome> => {
    await using upload = await prepareUpload(key, body)
    const headers = {
      'Content-Length': upload.size,
      'Content-Type': contentType,
      ...(ifAbsent && { 'If-None-Match': '*' }),
    }
    const sha256 = tls ? '' : upload.sha256
    try {
      const response = await client.makeRequestStreamAsync(
        { method: 'PUT', bucketName: bucket, objectName: key, headers },
        upload.open(),
        sha256,
        [200],
        region,
      )
      await buffer(response)
      return 'written'
    } catch (error) {
      if (ifAbsent && codeOf(error) === 'PreconditionFailed') return 'present'
      throw error
    }
  }

  const request = (key: string, range?: BlobRange): Promise<IncomingMessage> =>
    client.makeRequestAsync(
      { method: 'GET', bucketName: bucket, objectName: key, headers: range ? { Range: rangeHeader(range) } : {} },
      '',
      [200, 206],
      region,
    )

  const stream = async (key: string, range?: BlobRange) => {
    const response = await request(key, range).catch(async (error: unknown) => {
      if (!range || codeOf(error) !== 'InvalidRange') throw error
      const { size } = await client.statObject(bucket, key)
      throw blobError('blob-range-unsatisfiable', { key, start: range.start, size }, { cause: error })
    })
    const contentType = response.headers['content-type'] ?? contentTypeOf(key)
    const body = Readable.from(translated(response, { store, key }), { objectMode: false })
    // A reader that leaves before the first byte would otherwise leave the connection waiting.
    body.once('close', () => response.destroy())
    return { body, size: wholeSizeOf(response), contentType }
  }

  return {
    put: async (key, body, options = {}) => {
      assertBlobKey(key)
      return put(key, body, options).catch(fail(key))
    },
    get: async key => {
      assertBlobKey(key)
      const response = await request(key).catch(fail(key))
      return buffer(response).catch(fail(key))
    },
    download: async (key, path) => {
      assertBlobKey(key)
      const { body } = await stream(key).catch(fail(key))
      await downloadWhole(body, path).catch(fail(key))
    },
    stream: async (key, range) => {
      assertBlobKey(key)
      return stream(key, range).catch(fail(key))
    },
    stat: async key => {
      assertBlobKey(key)
      const facts = await client.statObject(bucket, key).catch((error: unknown) => {
        const translated = translateS3Error(error, { store, key })
        if (hasCode(translated, 'blob-not-found')) return null
        throw translated
      })
      return facts && { size: facts.size, etag: facts.etag }
    },
    remove: async key => {
      assertBlobKey(key)
      await client.removeObject(bucket, key).catch((error: unknown) => {
        const translated = translateS3Error(error, { store, key })
        if (!hasCode(translated, 'blob-not-found')) throw translated
      })
    },
    list: prefix => {
      assertBlobPrefix(prefix)
      return listObjects(client, { store, bucket, prefix })
    },
    check: async () => {
      const exists = await client.bucketExists(bucket).catch(fail(''))
      if (!exists) throw blobError('blob-bucket-missing', { store })
    },
    [Symbol.asyncDispose]: async () => agent.destroy(),
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** HTTP ranges include their last byte. */
const rangeHeader = ({ start, end }: BlobRange): string => `bytes=${start}-${end === undefined ? '' : end - 1}`

const wholeSizeOf = ({ headers }: IncomingMessage): number => {
  const total = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1]
  return Number(total ?? headers['content-length'] ?? 0)
}

async function* translated(body: Readable, place: { readonly store: string; readonly key: string }) {
  try {
    yield* body
  } catch (error) {
    throw translateS3Error(error, place)
  }
}

async function* listObjects(
  client: Client,
  { store, bucket, prefix }: { readonly store: string; readonly bucket: string; readonly prefix: string },
): AsyncGenerator<BlobEntry> {
  for await (const item of translated(client.listObjectsV2(bucket, prefix, true) as unknown as Readable, {
    store,
    key: prefix,
  })) {
    const { name, size } = item as { readonly name?: string; readonly size?: number }
    if (name !== undefined) yield { key: name, size: size ?? 0 }
  }
}
