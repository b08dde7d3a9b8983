import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPostgres } from './postgres.ts'

let stateDir: string
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-postgres-'))
})
afterEach(() => rm(stateDir, { recursive: true, force: true }))

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('it is PostgreSQL 18 with btree_gist, in UTC, and its url names the database takt', async () => {
  await using server = await startPostgres({ stateDir, durability: 'fast' })
  expect(await query(server.url, 'SHOW server_version')).toEqual([{ server_version: expect.stringMatching(/^18\./) }])
  expect(await query(server.url, 'SHOW timezone')).toEqual([{ TimeZone: 'UTC' }])
  expect(await query(server.url, 'SELECT current_database() AS name')).toEqual([{ name: 'takt' }])
  await query(server.url, 'CREATE EXTENSION btree_gist')
})

test('rows outlive a server that was killed, and a restart keeps the password', async () => {
  const first = await startPostgres({ stateDir, durability: 'survives-power-loss' })
  expect(await query(first.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }])
  await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one')
  process.kill(first.pid, 'SIGKILL')

  await using second = await startPostgres({ stateDir, durability: 'survives-power-loss' })
  expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }])
  expect(new URL(second.url).password).toBe(new URL(first.url).password)
})

test('a database is made once, and a name that could be anything else than a name is refused', async () => {
  await using server = await startPostgres({ stateDir, durability: 'fast' })
  const url = await server.createDatabase('for_one_test')
  expect(await server.createDatabase('for_one_test')).toBe(url)
  expect(await query(url, 'SELECT current_database() AS name')).toEqual([{ name: 'for_one_test' }])
  await expect(server.createDatabase('x"; DROP DATABASE takt; --')).rejects.toThrow('is no database name')
})

test('a cluster whose making was cut short is made anew', async () => {
  const finished = await startPostgres({ stateDir, durability: 'fast' })
  await finished.stop()
  await rm(join(stateDir, 'postgres/cluster/PG_VERSION'))
  await using server = await startPostgres({ stateDir, durability: 'fast' })
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a cluster of another version is refused by name and left as it is', async () => {
  const finished = await startPostgres({ stateDir, durability: 'fast' })
  await finished.stop()
  const version = join(stateDir, 'postgres/cluster/PG_VERSION')
  await writeFile(version, '17\n')
  await expect(startPostgres({ stateDir, durability: 'fast' })).rejects.toThrow('PostgreSQL 17')
  expect(await readFile(version, 'utf8')).toBe('17\n')
})

test('a server that cannot start is reported with the end of its log', async () => {
  const finished = await startPostgres({ stateDir, durability: 'fast' })
  await finished.stop()
  await writeFile(join(stateDir, 'postgres/cluster/postgresql.conf'), 'no_such_setting = 1\n')
  await expect(startPostgres({ stateDir, durability: 'fast' })).rejects.toThrow('no_such_setting')
})
