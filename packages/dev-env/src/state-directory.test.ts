import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stateDirectoryPath } from './config.ts'
import { openStateDirectory } from './state-directory.ts'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'takt-state-'))
})
afterEach(() => rm(parent, { recursive: true, force: true }))

const lockModule = new URL('../bootstrap/lock.mjs', import.meta.url).href

test('a second owner is refused and told the pid of the first, by whatever path it comes', async () => {
  await using first = await openStateDirectory(join(parent, 'state'))
  await symlink(first.path, join(parent, 'other-name'))
  await expect(openStateDirectory(join(parent, 'other-name'))).rejects.toThrow(`process ${process.pid}`)
})

test('a directory is free again once its owner lets go', async () => {
  const first = await openStateDirectory(join(parent, 'state'))
  await first[Symbol.asyncDispose]()
  await using second = await openStateDirectory(join(parent, 'state'))
  expect(second.path).toBe(first.path)
})

test('an owner that was killed leaves no lock behind', async () => {
  await openStateDirectory(join(parent, 'state')).then(directory => directory[Symbol.asyncDispose]())
  const code = `import { takeLock } from '${lockModule}'
    await takeLock('state ${join(parent, 'state')}'); console.log('taken'); setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(owner.stdout, 'data')
  await expect(openStateDirectory(join(parent, 'state'))).rejects.toThrow(`process ${owner.pid}`)
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  await using successor = await openStateDirectory(join(parent, 'state'))
  expect(successor.path).toBe(join(parent, 'state'))
})

test('TAKT_STATE names the directory; without it, it is .takt in the project', () => {
  expect(stateDirectoryPath({ TAKT_STATE: '/somewhere' })).toBe('/somewhere')
  expect(stateDirectoryPath({})).toMatch(/\/\.takt$/)
})
