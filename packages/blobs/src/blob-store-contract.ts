import { randomUUID } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BlobStore } from './blob-store.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Keys that a file system, a URL or an S3 server would read as something else. */
const hostileKeys = [
  '',
  '/',
  '/etc/passwd',
  '..',
  '../outside',
  'a/../../outside',
  'a/./b',
  'a//b',
  'a/',
  '.tmp/x',
  'a/.hidden',
  'nul\0byte',
  'new\nline',
  'back\\slash',
  'C:\\windows',
  'question?versionId=1',
  'hash#fragment',
  'per%2e%2e%2fcent',
  'space here',
  'umlaut-ä',
  'emoji-\u{1f4a9}',
  '-rf',
  'x'.repeat(201),
  `${'part/'.repeat(200)}x`,
]

/** What every object store has to do. `open` gives a store that may be shared; the suite keeps to its own prefix and empties it. */
export const blobStoreContract = (name: string, open: () => Promise<BlobStore>): void => {
  describe(`${name}: the blob store contract`, () => {
    const prefix = `contract/${randomUUID()}`
    const key = (rest: string) => `${prefix}/${rest}`
    let store: BlobStore
    let directory: string

    beforeAll(async () => {
      store = await open()
      directory = await mkdtemp(join(tmpdir(), 'takt-blobs-'))
    })

    afterAll(async () => {
      for await (const entry of store.list(`${prefix}/`)) await store.remove(entry.key)
      await store[Symbol.asyncDispose]()
      await rm(directory, { recursive: true })
    })

    it('answers a check', async () => {
      await expect(store.check()).resolves.toBeUndefined()
    })

    it('gives back bytes, streams and files as they were put', async () => {
      const every = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) & 255)
      const path = join(directory, 'source.bin')
      await writeFile(path, every)
      expect(await store.put(key('bytes.bin'), every)).toBe('written')
      expect(await store.put(key('stream.bin'), Readable.from([every.subarray(0, 5), every.subarray(5)]))).toBe(
        'written',
      )
      expect(await store.put(key('file.bin'), { path })).toBe('written')
      for (const object of ['bytes.bin', 'stream.bin', 'file.bin'])
        expect(Buffer.compare(await store.get(key(object)), every)).toBe(0)
    })

    it('stores an empty object', async () => {
      await store.put(key('empty.bin'), new Uint8Array())
      expect(await store.get(key('empty.bin'))).toHaveLength(0)
      expect(await store.stat(key('empty.bin'))).toMatchObject({ size: 0 })
      expect(await buffer((await store.stream(key('empty.bin'))).body)).toHaveLength(0)
    })

    it('stores an empty file and an empty stream', async () => {
      const path = join(directory, 'empty.source')
      await writeFile(path, '')
      await store.put(key('empty-file.bin'), { path })
      await store.put(key('empty-stream.bin'), Readable.from([]))
      expect(await store.stat(key('empty-file.bin'))).toMatchObject({ size: 0 })
      expect(await store.stat(key('empty-stream.bin'))).toMatchObject({ size: 0 })
    })

    it('stores a view of a larger buffer without what surrounds it', async () => {
      await store.put(key('view.bin'), bytesOf('secret-visible-secret').subarray(7, 14))
      expect(textOf(await store.get(key('view.bin')))).toBe('visible')
    })

    it('replaces an object, and its etag changes', async () => {
      await store.put(key('replaced'), bytesOf('one'))
      const before = await store.stat(key('replaced'))
      await store.put(key('replaced'), bytesOf('three'))
      expect(textOf(await store.get(key('replaced')))).toBe('three')
      expect((await store.stat(key('replaced')))?.etag).not.toBe(before?.etag)
    })

    it('with ifAbsent, lets exactly one of many writers win and keeps what it wrote', async () => {
      const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`)
      const outcomes = await Promise.all(
        writers.map(text => store.put(key('contested'), bytesOf(text), { ifAbsent: true })),
      )
      expect(outcomes.filter(outcome => outcome === 'written')).toHaveLength(1)
      expect(outcomes.filter(outcome => outcome === 'present')).toHaveLength(7)
      expect(textOf(await store.get(key('contested')))).toBe(writers[outcomes.indexOf('written')])
    })

    it('keeps objects apart when many are written at once', async () => {
      const names = Array.from({ length: 24 }, (_, index) => `many/${index}`)
      await Promise.all(names.map(each => store.put(key(each), bytesOf(each.repeat(1000)))))
      for (const each of names) expect(textOf(await store.get(key(each)))).toBe(each.repeat(1000))
    })

    it('streams ranges, cut at the end of the object, and tells the size of the whole', async () => {
      await store.put(key('ranged.mp4'), bytesOf('0123456789'), { contentType: 'video/mp4' })
      const read = async (range?: { start: number; end?: number }) => {
        const { body, size, contentType } = await store.stream(key('ranged.mp4'), range)
        return { text: textOf(await buffer(body)), size, contentType }
      }
      const whole = { size: 10, contentType: 'video/mp4' }
      expect(await read()).toEqual({ text: '0123456789', ...whole })
      expect(await read({ start: 2, end: 5 })).toEqual({ text: '234', ...whole })
      expect(await read({ start: 7 })).toEqual({ text: '789', ...whole })
      expect(await read({ start: 0, end: 1 })).toEqual({ text: '0', ...whole })
      expect(await read({ start: 8, end: 1000 })).toEqual({ text: '89', ...whole })
      await expect(store.stream(key('ranged.mp4'), { start: 10 })).rejects.toMatchObject({
        code: 'blob-range-unsatisfiable',
      })
    })

    it('lets a reader leave a stream in the middle and goes on working', async () => {
      await store.put(key('left'), new Uint8Array(4_000_000))
      for (let times = 0; times < 5; times += 1) {
        const { body } = await store.stream(key('left'))
        for await (const _chunk of body) break
      }
      expect(await store.stat(key('left'))).toMatchObject({ size: 4_000_000 })
    })

    it('downloads an object to a file, whole', async () => {
      await store.put(key('download'), bytesOf('downloaded'))
      const path = join(directory, 'target')
      await store.download(key('download'), path)
      expect(await readFile(path, 'utf8')).toBe('downloaded')
    })

    it('leaves no file behind when there is nothing to download', async () => {
      const before = await readdir(directory)
      await expect(store.download(key('absent'), join(directory, 'never'))).rejects.toMatchObject({
        code: 'blob-not-found',
      })
      expect(await readdir(directory)).toEqual(before)
    })

    it('names what is absent and does not call it retryable', async () => {
      await expect(store.get(key('absent'))).rejects.toMatchObject({
        code: 'blob-not-found',
        retryable: false,
        details: { key: key('absent') },
      })
      await expect(store.stream(key('absent'))).rejects.toMatchObject({ code: 'blob-not-found' })
      expect(await store.stat(key('absent'))).toBeNull()
    })

    it('removes an object, and removing it again changes nothing', async () => {
      await store.put(key('removed/deep/down'), bytesOf('x'))
      await store.remove(key('removed/deep/down'))
      await store.remove(key('removed/deep/down'))
      expect(await store.stat(key('removed/deep/down'))).toBeNull()
    })

    it('lists by prefix, in the order of keys, with sizes', async () => {
      const names = ['list/a', 'list/a-b', 'list/a/b', 'list/a0', 'list/b/1/2', 'listed']
      for (const each of names.filter(each => each !== 'list/a')) await store.put(key(each), bytesOf(each))
      const listed = async (of: string) => {
        const entries: { key: string; size: number }[] = []
        for await (const entry of store.list(key(of))) entries.push(entry)
        return entries
      }
      expect(await listed('list/')).toEqual(
        ['list/a-b', 'list/a/b', 'list/a0', 'list/b/1/2'].map(each => ({ key: key(each), size: each.length })),
      )
      expect((await listed('list/a')).map(entry => entry.key)).toEqual(['list/a-b', 'list/a/b', 'list/a0'].map(key))
      expect((await listed('list')).map(entry => entry.key)).toContain(key('listed'))
      expect(await listed('list/none')).toEqual([])
    })

    it('stores nothing of a stream that fails in the middle', async () => {
      const failing = Readable.from(
        (async function* () {
          yield bytesOf('half of ')
          throw new Error('the source broke')
        })(),
      )
      await expect(store.put(key('broken'), failing)).rejects.toMatchObject({ code: 'blob-source-failed' })
      expect(await store.stat(key('broken'))).toBeNull()
    })

    it('names a file that is not there as the failing source', async () => {
      const missing = { path: join(directory, 'missing') }
      await expect(store.put(key('from-missing'), missing)).rejects.toMatchObject({
        code: 'blob-source-failed',
        retryable: false,
      })
    })

    it.each(hostileKeys.map(hostile => [JSON.stringify(hostile.slice(0, 30)), hostile]))(
      'refuses the key %s everywhere',
      async (_, hostile) => {
        const refusal = { code: 'blob-key-refused', retryable: false }
        await expect(store.put(hostile, bytesOf('x'))).rejects.toMatchObject(refusal)
        await expect(store.get(hostile)).rejects.toMatchObject(refusal)
        await expect(store.stat(hostile)).rejects.toMatchObject(refusal)
        await expect(store.stream(hostile)).rejects.toMatchObject(refusal)
        await expect(store.remove(hostile)).rejects.toMatchObject(refusal)
        await expect(store.download(hostile, join(directory, 'x'))).rejects.toMatchObject(refusal)
      },
    )
  })
}
