import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runChecks } from '../bootstrap/checks.mjs'
import { commandNames } from '../bootstrap/commands.mjs'
import { takeLock, waitForLock } from '../bootstrap/lock.mjs'
import { turbo } from '../bootstrap/pnpm.mjs'
import { aptCommands, installByHand, systemPackages } from '../bootstrap/system-packages.mjs'
import { totalsOf } from '../bootstrap/test-totals.mjs'
import { projectRoot } from './config.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'takt-bootstrap-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const bootstrap = join(projectRoot, 'packages/dev-env/bootstrap.mjs')
const runChildModule = new URL('../bootstrap/run-child.mjs', import.meta.url).href

test('an unknown command is refused with the names of those there are, and nothing is installed', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [bootstrap, 'rm -rf'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain(commandNames.join(', '))
  expect(stdout).toBe('')
})

test('packages are installed from fresh lists and without what is merely recommended', () => {
  expect(aptCommands(['ffmpeg', 'redis-server']).map(line => line.join(' '))).toEqual([
    'apt-get update',
    'apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 ffmpeg redis-server',
  ])
})

test('who may not install packages is told the exact command', () => {
  expect(installByHand(['ffmpeg', 'python3-gi'])).toContain(
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 ffmpeg python3-gi',
  )
})

test('only the tests need an S3 server, the checker of alert rules and what the examples of documents call', () => {
  const forTests = systemPackages.filter(({ commands }) => commands?.includes('test')).map(({ name }) => name)
  expect(forTests).toEqual(['ceph-mon', 'ceph-osd', 'radosgw', 'curl', 'jq', 'prometheus'])
})

test('an unknown check is refused before any check is run', async () => {
  expect(await runChecks(['lint', 'everything'])).toBe(2)
})

test('turbo runs under the very pnpm that package.json names', async () => {
  const { command, args } = await turbo(['typecheck'])
  expect([command, ...args].join(' ')).toMatch(/^npx -y pnpm@\d+\.\d+\.\d+ exec turbo run typecheck /)
})

test('test totals count skipped tests, and a file that could not be loaded as a failure', () => {
  const file = (status: string, ...statuses: string[]) => ({
    status,
    assertionResults: statuses.map(status => ({ status })),
  })
  expect(totalsOf({ testResults: [file('passed', 'passed', 'passed')] })).toBe('2 passed, 0 failed')
  expect(totalsOf({ testResults: [file('failed', 'passed', 'failed'), file('failed')] })).toBe('1 passed, 2 failed')
  expect(totalsOf({ testResults: [file('passed', 'passed', 'pending', 'todo')] })).toBe('1 passed, 0 failed, 2 skipped')
})

test('whoever waits for a lock gets it when the holder lets go, and learns who that was', async () => {
  const subject = `${dir} waiting`
  const holder = await takeLock(subject)
  if (!('release' in holder)) throw new Error('held by someone else')
  let waitedFor: number | undefined
  const waiting = waitForLock(subject, pid => {
    waitedFor = pid
    void holder.release()
  })
  await (await waiting).release()
  expect(waitedFor).toBe(process.pid)
})

const runIn = async (childCode: string) => {
  const child = join(dir, 'child.mjs')
  await writeFile(child, childCode)
  const code = `import { runChild } from '${runChildModule}'
    process.exitCode = await runChild({ command: process.execPath, args: ['${child}'] })`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'inherit'] })
  parent.stdout.setEncoding('utf8')
  return { parent, exited: once(parent, 'exit') }
}

test('a signal reaches the child, and its exit code comes back', async () => {
  const { parent, exited } = await runIn(`
    process.on('SIGTERM', () => { console.log('draining'); process.exit(7) })
    console.log('up'); setInterval(() => {}, 1000)`)
  await once(parent.stdout, 'data')
  parent.kill('SIGTERM')
  expect(await once(parent.stdout, 'data')).toEqual(['draining\n'])
  expect(await exited).toEqual([7, null])
})

test('a child that was killed is told by 128 and the number of the signal', async () => {
  const { exited } = await runIn(`process.kill(process.pid, 'SIGKILL')`)
  expect(await exited).toEqual([137, null])
})
