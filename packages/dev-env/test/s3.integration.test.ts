import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobStore } from '@takt/blobs'
import { blobStoreContract } from '@takt/blobs/contract'
import { Secret } from '@takt/service'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type S3Server, startS3 } from '../src/s3.ts'

let stateDir: string
let server: S3Server

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-s3-'))
  server = await startS3({ stateDir })
})
afterAll(async () => {
  await server?.stop()
  await rm(stateDir, { recursive: true, force: true })
})

const openBucket = async (name: string) =>
  openBlobStore(await server.createBucket(name), {
    accessKey: server.accessKey,
    secretKey: new Secret(server.secretKey),
  })

blobStoreContract('s3: (Ceph RGW)', () => openBucket('contract'))

describe('the S3 server', () => {
  test('a bucket can be asked for twice and is the same', async () => {
    const first = await openBucket('asked-twice')
    await first.put('a/b', new TextEncoder().encode('kept'))
    const second = await openBucket('asked-twice')
    expect(await second.stat('a/b')).toMatchObject({ size: 4 })
  })

  test('a wrong secret is refused, not served', async () => {
    const url = await server.createBucket('guarded')
    const store = await openBlobStore(url, { accessKey: server.accessKey, secretKey: new Secret('wrong') })
    await expect(store.check()).rejects.toThrow('refuses these credentials')
  })

  test('another one can run beside it', async () => {
    const otherDir = await mkdtemp(join(tmpdir(), 'takt-s3-'))
    await using other = await startS3({ stateDir: otherDir })
    expect(other.endpoint).not.toBe(server.endpoint)
    await other.createBucket('contract')
    await other.stop()
    await rm(otherDir, { recursive: true, force: true })
  })

  test('its keys are in no process argument', async () => {
    for (const name of ['s3-mon', 's3-osd', 's3-rgw']) {
      const { pid } = JSON.parse(await readFile(join(stateDir, 'pids', `${name}.json`), 'utf8'))
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).not.toContain(server.secretKey)
    }
  })
})
