import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockSpool } from './lock-spool.ts'
import { openSpool } from './spool.ts'
import { sessionFile } from './spool-layout.ts'
import { writeWhole } from './write-whole.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'takt-spool-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

test('it accounts for what it holds, and releasing twice or what it never held changes nothing', async () => {
  const spool = await openSpool({ root, limitBytes: 100 })
  spool.take('a', 40)
  spool.take('b', 70)
  expect([spool.bytes, spool.segments, spool.isFull]).toEqual([110, 2, true])
  spool.release('a')
  spool.release('a')
  spool.release('never')
  expect([spool.bytes, spool.segments, spool.isFull]).toEqual([70, 1, false])
})

test('taking the same file again counts it once', async () => {
  const spool = await openSpool({ root, limitBytes: 100 })
  spool.take('a', 40)
  spool.take('a', 50)
  expect([spool.bytes, spool.segments]).toEqual([50, 1])
})

test('there is room once a tenth of the limit is free, and a wait for it ends with the signal', async () => {
  const spool = await openSpool({ root, limitBytes: 100 })
  spool.take('a', 90)
  await spool.waitForRoom(new AbortController().signal)
  spool.take('b', 5)
  const stop = new AbortController()
  const waiting = spool.waitForRoom(stop.signal)
  stop.abort()
  await waiting
})

test('a session has a directory that says whose it is', async () => {
  const spool = await openSpool({ root, limitBytes: 100 })
  const session = { camera: 'c', id: 's', startedAtMs: 1 }
  const directory = await spool.openSession(session)
  expect(JSON.parse(await readFile(sessionFile(directory), 'utf8'))).toEqual(session)
})

test('the claim of a process that has ended is void, and one whose id another process has now, too', async () => {
  await writeWhole(join(root, 'owner.json'), { pid: 2 ** 22 + 1, startedAt: '1' })
  await (await lockSpool(root))()
  await writeWhole(join(root, 'owner.json'), { pid: 1, startedAt: 'another start' })
  await (await lockSpool(root))()
})

test('the claim of a running process is honoured', async () => {
  const stat = await readFile('/proc/1/stat', 'utf8')
  const startedAt = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  await writeWhole(join(root, 'owner.json'), { pid: 1, startedAt })
  await expect(lockSpool(root)).rejects.toMatchObject({ code: 'spool-in-use', details: { pid: 1 } })
})
