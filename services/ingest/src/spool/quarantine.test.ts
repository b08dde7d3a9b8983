import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mostQuarantined, quarantine } from './quarantine.ts'
import { sidecarOf, spoolLayout } from './spool-layout.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'takt-quarantine-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const spoilt = async (name: string): Promise<string> => {
  const path = join(spoolLayout(root).session('camera', 'session'), name)
  await mkdir(dirname(path), { recursive: true })
  await Promise.all([path, sidecarOf(path)].map(each => writeFile(each, 'x')))
  return path
}
const kept = () => readdir(spoolLayout(root).quarantine)

test('a file leaves its session with its description, under a name that tells where it was', async () => {
  const path = await spoilt('00001.mp4')
  await quarantine(root, path)
  expect(await kept()).toEqual(['session-00001.mp4'])
  expect(await readdir(dirname(path))).toEqual([])
})

test('no more than so many are kept: the oldest goes', async () => {
  for (let i = 0; i <= mostQuarantined; i++) await quarantine(root, await spoilt(`${String(i).padStart(5, '0')}.mp4`))
  expect(await kept()).toHaveLength(mostQuarantined)
  expect(await kept()).not.toContain('session-00000.mp4')
})

test('a file that is gone already is no fault', async () => {
  await expect(quarantine(root, join(root, 'absent', '00001.mp4'))).resolves.toBeUndefined()
})
