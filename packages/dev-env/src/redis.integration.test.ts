import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedis } from './redis.ts'

let stateDir: string
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-redis-'))
})
afterAll(() => rm(stateDir, { recursive: true, force: true }))

const clientOf = (url: string) => new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => null })

test('it evicts nothing, appends to a file and asks for a password that no process argument shows', async () => {
  await using server = await startRedis({ stateDir })
  const client = clientOf(server.url)
  expect(await client.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
  expect(await client.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
  client.disconnect()

  const { password, host } = new URL(server.url)
  const stranger = new Redis(`redis://${host}`, {
    protocol: 2,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  })
  await expect(stranger.get('anything')).rejects.toThrow('NOAUTH')
  stranger.disconnect()
  expect(await readFile(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(password)
})

test('what was written is there after a restart, on another port with another password', async () => {
  const first = await startRedis({ stateDir })
  const writer = clientOf(first.url)
  await writer.set('kept', 'yes')
  writer.disconnect()
  await first.stop()

  await using second = await startRedis({ stateDir })
  const reader = clientOf(second.url)
  expect(await reader.get('kept')).toBe('yes')
  reader.disconnect()
  expect(second.url).not.toBe(first.url)
})

test('a server that a crashed run left behind is ended before another one starts on the same files', async () => {
  const leftBehind = await startRedis({ stateDir })
  await using successor = await startRedis({ stateDir })
  expect(() => process.kill(leftBehind.pid, 0)).toThrow('ESRCH')
  const client = clientOf(successor.url)
  expect(await client.ping()).toBe('PONG')
  client.disconnect()
})
