import { Secret } from '@takt/service'
import { describe, expect, it } from 'vitest'
import { openBlobStore } from './open-blob-store.ts'

const credentials = { accessKey: 'AK', secretKey: new Secret('hunter22') }

describe('openBlobStore', () => {
  it.each([
    ['no URL', 'somewhere'],
    ['another protocol', 'https://store/takt'],
    ['a file on another host', 'file://host/dir'],
    ['no bucket', 's3://store:9000'],
    ['a bucket that is none', 's3://store:9000/Takt_Bucket'],
    ['a bucket with a path behind', 's3://store:9000/takt/sub'],
    ['credentials in it', 's3://AK:hunter22@store:9000/takt'],
  ])('refuses a URL with %s, and shows no secret', async (_, url) => {
    const error = await openBlobStore(url, credentials).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'blob-store-url-invalid', retryable: false })
    expect(String(error)).not.toContain('hunter22')
  })

  it('refuses s3: without credentials', async () => {
    await expect(openBlobStore('s3://store:9000/takt')).rejects.toMatchObject({ code: 'blob-store-url-invalid' })
  })

  it('makes no request: a server may come later', async () => {
    await using store = await openBlobStore('s3://127.0.0.1:1/takt?tls=false', credentials)
    await expect(store.check()).rejects.toMatchObject({ code: 'blob-store-unreachable' })
  })
})
