import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { fixtureModel } from './fixtures/fixture-model.ts'
import type { Provider } from './provider.ts'
import { openRuntime } from './runtime.ts'
import type { Tensor } from './tensor.ts'

// Each test starts processes, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

const [double, slow] = [await fixtureModel('double'), await fixtureModel('slow')]

const open = (options: { readonly maxPending?: number; readonly signal?: AbortSignal } = {}) =>
  openRuntime({ provider: 'cpu', threads: 1, ...options })

const numbers = (...data: number[]): Tensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
})
const identity: Tensor = { dtype: 'float32', shape: [512, 512], data: new Float32Array(512 * 512) }

test('a model is loaded, described, run, and forgotten', async () => {
  await using runtime = await open()
  const session = await runtime.load(double)
  expect(session).toEqual({
    id: 1,
    inputs: [{ name: 'x', dtype: 'float32', shape: [2] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: [2] }],
  })
  expect(await runtime.run(session, { x: numbers(1, 2) })).toEqual({ y: numbers(2, 4) })
  await runtime.unload(session)
  await expect(runtime.run(session, { x: numbers(1, 2) })).rejects.toMatchObject({
    code: 'unknown_session',
    message: 'session 1 is not loaded',
  })
})

test('concurrent runs come back to their own callers', async () => {
  await using runtime = await open()
  const session = await runtime.load(double)
  const results = await Promise.all(Array.from({ length: 50 }, (_, i) => runtime.run(session, { x: numbers(i, -i) })))
  expect(results).toEqual(results.map((_, i) => ({ y: numbers(2 * i, -2 * i) })))
})

test('a child killed in mid-run rejects every pending run as retryable, and the next run is served by a fresh one', async () => {
  await using runtime = await open()
  const [doubling, crawling] = [await runtime.load(double), await runtime.load(slow)]
  const killed = runtime.childPid!
  const pending = [runtime.run(crawling, { x: identity }), runtime.run(doubling, { x: numbers(1, 2) })]
  const outcomes = Promise.allSettled(pending)
  await sleep(100)
  process.kill(killed, 'SIGKILL')
  const crash = { code: 'child_crashed', retryable: true, message: 'runtime child ended by signal SIGKILL' }
  expect(await outcomes).toEqual([
    { status: 'rejected', reason: expect.objectContaining(crash) },
    { status: 'rejected', reason: expect.objectContaining(crash) },
  ])
  expect(await runtime.run(doubling, { x: numbers(1, 2) })).toEqual({ y: numbers(2, 4) })
  expect(runtime.childPid).not.toBe(killed)
})

test('a child killed while idle is replaced unnoticed', async () => {
  await using runtime = await open()
  const session = await runtime.load(double)
  process.kill(runtime.childPid!, 'SIGKILL')
  while (runtime.childPid !== undefined) await sleep(5)
  expect(await runtime.run(session, { x: numbers(3, 4) })).toEqual({ y: numbers(6, 8) })
})

test('a child outlives the signals of a shutdown, which its parent is there to order', async () => {
  await using runtime = await open()
  const session = await runtime.load(double)
  const child = runtime.childPid!
  for (const signal of ['SIGINT', 'SIGTERM']) process.kill(child, signal)
  expect(await runtime.run(session, { x: numbers(1, 2) })).toEqual({ y: numbers(2, 4) })
  expect(runtime.childPid).toBe(child)
})

test('a child whose parent is killed ends too', async () => {
  const source = `
    import { openRuntime } from ${JSON.stringify(new URL('./runtime.ts', import.meta.url))}
    const runtime = await openRuntime({ provider: 'cpu', threads: 1 })
    console.log(runtime.childPid)`
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '--eval', source], { stdio: 'pipe' })
  const [printed] = await once(parent.stdout, 'data')
  const child = Number(printed)
  expect(isAlive(child)).toBe(true)
  parent.kill('SIGKILL')
  while (isAlive(child)) await sleep(5)
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('CPU time is that of all children, also of those that are gone', async () => {
  await using runtime = await open()
  const session = await runtime.load(double)
  const before = await runtime.cpuSeconds()
  expect(before).toBeGreaterThan(0)
  process.kill(runtime.childPid!, 'SIGKILL')
  while (runtime.childPid !== undefined) await sleep(5)
  await runtime.run(session, { x: numbers(1, 2) })
  expect(await runtime.cpuSeconds()).toBeGreaterThan(before)
})

test('more pending calls than the limit are refused as retryable, and the others are served', async () => {
  await using runtime = await open({ maxPending: 2 })
  const session = await runtime.load(double)
  const run = () => runtime.run(session, { x: numbers(1, 2) })
  const outcomes = await Promise.allSettled([run(), run(), run()])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(outcomes[2]).toMatchObject({
    reason: { code: 'queue_full', retryable: true, message: '2 runs are pending and 2 is the limit' },
  })
  expect(await run()).toEqual({ y: numbers(2, 4) })
})

test.each([
  ['no protobuf', Buffer.from('not a model')],
  ['nothing', Buffer.alloc(0)],
  ['a truncated model', double.subarray(0, -1)],
])('a model of %s is refused and the child lives on', async (_, bytes) => {
  await using runtime = await open()
  const child = runtime.childPid
  await expect(runtime.load(bytes)).rejects.toMatchObject({ code: 'model_refused', retryable: false })
  expect(await runtime.load(double)).toMatchObject({ inputs: [{ name: 'x' }] })
  expect(runtime.childPid).toBe(child)
})

test.each([
  ['of another shape', { x: numbers(1, 2, 3) }],
  ['of another type', { x: { dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 2) } }],
  ['that does not fill its shape', { x: { dtype: 'float32', shape: [2], data: Float32Array.of(1) } }],
  ['under another name', { z: numbers(1, 2) }],
] as const)('an input %s fails its run alone', async (_, inputs) => {
  await using runtime = await open()
  const session = await runtime.load(double)
  await expect(runtime.run(session, inputs)).rejects.toMatchObject({ code: 'run_failed', retryable: false })
  expect(await runtime.run(session, { x: numbers(1, 2) })).toEqual({ y: numbers(2, 4) })
})

test('disposing serves what is pending and refuses what comes after', async () => {
  const runtime = await open()
  const session = await runtime.load(double)
  const pending = runtime.run(session, { x: numbers(1, 2) })
  await runtime[Symbol.asyncDispose]()
  expect(await pending).toEqual({ y: numbers(2, 4) })
  await expect(runtime.run(session, { x: numbers(1, 2) })).rejects.toMatchObject({ code: 'closed' })
})

test('aborting ends the child in mid-run and rejects what is pending as closed', async () => {
  const { signal, abort } = abortable()
  await using runtime = await open({ signal })
  const session = await runtime.load(slow)
  const child = runtime.childPid!
  const outcomes = Promise.allSettled([runtime.run(session, { x: identity }), runtime.run(session, { x: identity })])
  await sleep(50)
  abort()
  expect(await outcomes).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }])
  await runtime[Symbol.asyncDispose]()
  expect(isAlive(child)).toBe(false)
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

test('a provider that the library lacks is refused when a model is loaded', async () => {
  await using runtime = await openRuntime({ provider: 'coreml' as Provider, threads: 1 })
  await expect(runtime.load(double)).rejects.toMatchObject({
    code: 'model_refused',
    retryable: false,
    message: expect.stringContaining('coreml'),
  })
})

test('a runtime whose child cannot be started, or ends at once, does not open', async () => {
  const executable = vi.spyOn(process, 'execPath', 'get')
  try {
    executable.mockReturnValue('/nowhere/node')
    await expect(open()).rejects.toMatchObject({
      code: 'child_not_started',
      retryable: true,
      cause: { code: 'ENOENT' },
    })
    executable.mockReturnValue('/bin/false')
    await expect(open()).rejects.toMatchObject({ code: 'child_crashed', message: 'runtime child ended by exit code 1' })
  } finally {
    executable.mockRestore()
  }
})
