import { existsSync } from 'node:fs'
import { lstat, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { forgetPackages } from './forget-packages.mjs'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'takt-forget-'))
})
afterEach(() => rm(root, { recursive: true }))

/** A package in the store as pnpm lays it out, with links to those that it needs. */
const stored = async (name: string, needs: readonly string[] = []) => {
  await mkdir(inStore(name), { recursive: true })
  for (const need of needs) await link(join(root, `node_modules/.pnpm/${entry(name)}/node_modules/${need}`), need)
}
const link = async (path: string, name: string) => {
  await mkdir(dirname(path), { recursive: true })
  await symlink(inStore(name), path)
}
const entry = (name: string) => `${name.replace('/', '+')}@1.0.0`
const inStore = (name: string) => join(root, `node_modules/.pnpm/${entry(name)}/node_modules/${name}`)

it('removes a package and what it alone needs, and keeps what others need', async () => {
  await stored('cli', ['shared', '@scope/only'])
  await stored('@scope/only')
  await stored('shared')
  await stored('client', ['cli', 'shared'])
  for (const name of ['cli', 'client']) await link(join(root, `packages/db/node_modules/${name}`), name)
  await mkdir(join(root, 'packages/domain'), { recursive: true })
  await symlink(join(root, 'packages/domain'), join(root, 'packages/db/node_modules/domain'))

  forgetPackages({ root, names: ['cli'], users: ['packages/db', 'packages/domain'] })

  expect(['client', 'shared', 'cli', '@scope/only'].filter(name => existsSync(inStore(name)))).toEqual([
    'client',
    'shared',
  ])
  await expect(lstat(join(root, 'packages/db/node_modules/cli'))).rejects.toMatchObject({ code: 'ENOENT' })
  expect(existsSync(join(root, 'packages/db/node_modules/domain'))).toBe(true)
})
