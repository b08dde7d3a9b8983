import { mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobStoreContract } from './blob-store-contract.ts'
import { openBlobStore } from './open-blob-store.ts'

const bytes = new TextEncoder().encode('content')
let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'takt-file-store-'))
})
afterAll(() => rm(root, { recursive: true }))

blobStoreContract('file:', () => openBlobStore(pathToFileURL(join(root, 'contract'))))

describe('a file store', () => {
  const openIn = async (name: string) => ({
    directory: join(root, name),
    store: await openBlobStore(pathToFileURL(join(root, name))),
  })

  it('leaves no temporary file behind, whether a write succeeds, is late or fails', async () => {
    const { directory, store } = await openIn('tidy')
    await store.put('a/b', bytes)
    await store.put('a/b', bytes, { ifAbsent: true })
    await store.put('a/c', { path: join(root, 'missing') }).catch(() => undefined)
    expect(await readdir(join(directory, '.tmp'))).toEqual([])
  })

  it('removes what a killed writer left hours ago, and spares what is being written', async () => {
    const { directory } = await openIn('stale')
    const old = join(directory, '.tmp', 'old')
    await writeFile(old, 'half')
    await utimes(old, new Date(0), new Date(0))
    await writeFile(join(directory, '.tmp', 'fresh'), 'half')
    await openIn('stale')
    expect(await readdir(join(directory, '.tmp'))).toEqual(['fresh'])
  })

  it('removes directories that have become empty', async () => {
    const { directory, store } = await openIn('empty')
    await store.put('one/two/three', bytes)
    await store.remove('one/two/three')
    expect(await readdir(directory)).toEqual(['.tmp'])
  })

  it('survives a writer and a remover in the same directory at once', async () => {
    const { store } = await openIn('race')
    const turns = Array.from({ length: 100 }, (_, index) => index)
    await Promise.all(
      turns.flatMap(turn => [store.put(`dir/sub/${turn % 3}`, bytes), store.remove(`dir/sub/${(turn + 1) % 3}`)]),
    )
    await store.put('dir/sub/last', bytes)
    expect(await store.stat('dir/sub/last')).toMatchObject({ size: 7 })
  })

  it('refuses a key below another object, by name', async () => {
    const { store } = await openIn('nested')
    await store.put('a', bytes)
    await expect(store.put('a/b', bytes)).rejects.toMatchObject({ code: 'blob-key-refused' })
    await expect(store.get('a/b')).rejects.toMatchObject({ code: 'blob-not-found' })
    expect(await store.stat('a/b')).toBeNull()
  })

  it('takes a directory for no object', async () => {
    const { store } = await openIn('directories')
    await store.put('a/b', bytes)
    expect(await store.stat('a')).toBeNull()
    await expect(store.get('a')).rejects.toMatchObject({ code: 'blob-not-found' })
    await expect(store.stream('a')).rejects.toMatchObject({ code: 'blob-not-found' })
  })

  it('takes no link for an object: it could lead outside', async () => {
    const { directory, store } = await openIn('links')
    await mkdir(join(directory, 'x'))
    await symlink('/etc/passwd', join(directory, 'x', 'passwd'))
    const keys: string[] = []
    for await (const { key } of store.list('')) keys.push(key)
    expect(keys).toEqual([])
    expect(await store.stat('x/passwd')).toBeNull()
    await expect(store.get('x/passwd')).rejects.toMatchObject({ code: 'blob-not-found' })
  })

  it('says in its check that its directory has gone', async () => {
    const { directory, store } = await openIn('gone')
    await rm(directory, { recursive: true })
    await expect(store.check()).rejects.toMatchObject({ code: 'blob-bucket-missing' })
  })

  it('writes files that only the content and the umask decide', async () => {
    const { directory, store } = await openIn('mode')
    await store.put('plain', bytes)
    expect((await stat(join(directory, 'plain'))).mode & 0o111).toBe(0)
  })
})
