import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endLeftover, writePidFile } from './pid-file.ts'
import { identifyProcess } from './process-identity.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'takt-pid-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const startSleeper = async () => {
  const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' })
  await once(sleeper, 'spawn')
  return { pid: sleeper.pid!, exited: once(sleeper, 'exit'), kill: () => sleeper.kill('SIGKILL') }
}

test('the process that was noted is ended, even while it is halted', async () => {
  const sleeper = await startSleeper()
  const file = join(dir, 'x.json')
  await writePidFile(file, sleeper.pid)
  process.kill(sleeper.pid, 'SIGSTOP')
  await endLeftover(file, { name: 'sleeper', stopSignal: 'SIGTERM' })
  expect(await sleeper.exited).toEqual([null, 'SIGTERM'])
  await expect(stat(file)).rejects.toThrow('ENOENT')
})

test('another process that has come to the same pid is left alone', async () => {
  const stranger = await startSleeper()
  const file = join(dir, 'x.json')
  const { startTicks } = (await identifyProcess(stranger.pid))!
  await writeFile(file, JSON.stringify({ pid: stranger.pid, startTicks: startTicks - 1 }))
  await endLeftover(file, { name: 'sleeper', stopSignal: 'SIGTERM' })
  expect(await identifyProcess(stranger.pid)).toBeDefined()
  stranger.kill()
  await stranger.exited
})

test.each(['', '{"pid":', 'null', '{"pid":-1,"startTicks":1}', '{"pid":0,"startTicks":1}', '{"pid":"1"}'])(
  'a pid file that reads %j names no process and is removed',
  async text => {
    const file = join(dir, 'x.json')
    await writeFile(file, text)
    await endLeftover(file, { name: 'nothing', stopSignal: 'SIGTERM' })
    await expect(stat(file)).rejects.toThrow('ENOENT')
  },
)
