import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { startService } from './supervise.ts'

let stateDir: string
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'takt-supervise-'))
})
afterAll(() => rm(stateDir, { recursive: true, force: true }))

const entryOf = async (name: string, code: string) => {
  const entry = join(stateDir, `${name}.mjs`)
  await writeFile(entry, code)
  return entry
}

const server = `
  import { createServer } from 'node:http'
  console.log(JSON.stringify({ event: 'starting', greeting: process.env.GREETING, home: process.env.SECRET_OF_THE_OWNER }))
  createServer((request, response) => response.writeHead(request.url === '/health/ready' ? 200 : 404).end())
    .listen(Number(process.env.PORT), '127.0.0.1')
`

test('a service gets its own environment only, is ready when it says so, and its log is kept', async () => {
  process.env.SECRET_OF_THE_OWNER = 'not for children'
  const port = await freePort()
  await using service = await startService({
    name: 'plain',
    entry: await entryOf('plain', server),
    env: { PORT: String(port), GREETING: 'hello' },
    stateDir,
    port,
  })
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
  expect(JSON.parse(await readFile(service.log, 'utf8'))).toEqual({ event: 'starting', greeting: 'hello' })
})

test('a killed service tells how it ended and comes back on the same port', async () => {
  const port = await freePort()
  const entry = await entryOf('killed', server)
  await using service = await startService({ name: 'killed', entry, env: { PORT: String(port) }, stateDir, port })
  const before = service.pid
  service.kill('SIGKILL')
  expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' })
  await service.restart()
  expect(service.pid).not.toBe(before)
  expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
})

test('a service that hears no SIGTERM, or is halted, is stopped all the same', async () => {
  const port = await freePort()
  const entry = await entryOf('deaf', `process.on('SIGTERM', () => {})\n${server}`)
  const options = { name: 'deaf', entry, env: { PORT: String(port) }, stateDir, port, stopWithinMs: 200 }
  const service = await startService(options)
  service.kill('SIGSTOP')
  await service.stop()
  expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' })
})

test('a service that ends at once is reported with the end of its log, not after the time limit', async () => {
  const port = await freePort()
  const entry = await entryOf('broken', `throw new Error('DATABASE_URL: missing')`)
  await expect(startService({ name: 'broken', entry, env: {}, stateDir, port })).rejects.toThrow(
    /broken ended \(code 1\)[\s\S]*DATABASE_URL: missing/,
  )
})

test('a service that is never ready is stopped and reported', async () => {
  const port = await freePort()
  const entry = await entryOf('silent', `console.log('waiting for something'); setInterval(() => {}, 1000)`)
  await expect(startService({ name: 'silent', entry, env: {}, stateDir, port, readyWithinMs: 500 })).rejects.toThrow(
    /silent was not ready within 500 ms[\s\S]*waiting for something/,
  )
})

test('waiting ends when the owner gives up', async () => {
  const port = await freePort()
  const entry = await entryOf('given-up', `setInterval(() => {}, 1000)`)
  const signal = AbortSignal.timeout(300)
  await expect(startService({ name: 'given-up', entry, env: {}, stateDir, port, signal })).rejects.toThrow('timeout')
})
