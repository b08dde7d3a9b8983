#!/usr/bin/env node
// Reduces a workspace to what the named packages reach: installs their production dependencies, removes every other
// package, and the binaries of platforms that this is not. Run while an image is built: keep-only.mjs @takt/worker
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { arch, argv, platform } from 'node:process'
import { forgetPackages } from './forget-packages.mjs'

const wanted = argv.slice(2)
if (wanted.length === 0) throw new Error('name the packages to keep, such as @takt/worker')

/** Every workspace package by its name. */
const workspace = new Map(
  ['packages', 'services']
    .flatMap(folder => readdirSync(folder).map(name => join(folder, name)))
    .filter(path => existsSync(join(path, 'package.json')))
    .map(path => {
      const { name, dependencies = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
      return [name, { path, dependencies: Object.keys(dependencies) }]
    }),
)

/**
 * @param {readonly string[]} names
 * @returns {ReadonlySet<string>} those packages of the workspace, and all that they depend on
 */
const reachedFrom = names => {
  const reached = new Set()
  const pending = [...names]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const found = workspace.get(name)
    if (!found && wanted.includes(name)) throw new Error(`${name} is no package of this workspace`)
    if (!found || reached.has(name)) continue
    reached.add(name)
    pending.push(...found.dependencies)
  }
  return reached
}

/** ONNX Runtime's package carries the binaries of every platform, 250 MB of them. */
const removeForeignRuntimes = () => {
  const store = 'node_modules/.pnpm'
  for (const entry of readdirSync(store).filter(name => name.startsWith('onnxruntime-node@'))) {
    const binaries = join(store, entry, 'node_modules/onnxruntime-node/bin/napi-v6')
    for (const system of readdirSync(binaries))
      for (const processor of readdirSync(join(binaries, system)))
        if (system !== platform || processor !== arch) rmSync(join(binaries, system, processor), { recursive: true })
  }
}

const kept = reachedFrom(wanted)
execFileSync(
  'pnpm',
  ['install', '--prod', '--frozen-lockfile', ...wanted.flatMap(name => ['--filter', `${name}...`])],
  { stdio: 'inherit' },
)
for (const [name, { path }] of workspace) if (!kept.has(name)) rmSync(path, { recursive: true })
// Only the one-shot migrates: elsewhere the Prisma CLI and its 240 MB of dependencies are never called.
if (!kept.has('@takt/prepare'))
  forgetPackages({ root: '.', names: ['prisma'], users: [...kept].map(name => workspace.get(name).path) })
removeForeignRuntimes()
for (const path of ['infra', 'pnpm-lock.yaml', 'tsconfig.base.json']) rmSync(path, { recursive: true })
