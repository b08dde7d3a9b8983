import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const run = (mode: string, more: Record<string, string> = { DATABASE_URL: 'postgres://takt:hunter22@db/takt' }) => {
  const env = { HEALTH_HOST: '127.0.0.1', HEALTH_PORT: '0', SHUTDOWN_DRAIN_TIMEOUT: '100ms', MODE: mode, ...more }
  const child = spawn(process.execPath, [fileURLToPath(new URL('process.ts', import.meta.url))], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  const lines: Record<string, unknown>[] = []
  const output: string[] = []
  const up = Promise.withResolvers<void>()
  createInterface(child.stdout).on('line', line => {
    output.push(line)
    lines.push(JSON.parse(line))
    if (lines.at(-1)?.event === 'up') up.resolve()
  })
  child.stderr.on('data', chunk => output.push(String(chunk)))
  const ended = once(child, 'close').then(([code]) => code as number)
  return { child, lines, output, up: up.promise, ended, events: () => lines.map(line => line.event) }
}

describe('a service as a process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 after %s', async signal => {
    const { child, up, ended, events } = run('well')
    await up
    child.kill(signal)
    expect(await ended).toBe(0)
    expect(events().at(-1)).toBe('serviceStopped')
  })

  it('ends with 1, and in time, when something does not let go', async () => {
    const { child, up, ended, events } = run('hang')
    await up
    child.kill('SIGTERM')
    expect(await ended).toBe(1)
    expect(events()).toContain('stopStepFailed')
  })

  it('ends at once at a second signal', async () => {
    const { child, up, ended, lines } = run('hang', { DATABASE_URL: 'postgres://db/x', SHUTDOWN_DRAIN_TIMEOUT: '1h' })
    await up
    child.kill('SIGTERM')
    while (!lines.some(line => line.event === 'stopping')) await once(child.stdout!, 'data')
    child.kill('SIGTERM')
    expect(await ended).toBe(1)
  })

  it.each([
    ['throw', 'uncaughtException'],
    ['reject', 'unhandledRejection'],
    ['fail', 'startFailed'],
  ])('that comes to an end by %s says so, ends with 1 and shows no secret', async (mode, event) => {
    const { ended, events, output } = run(mode)
    expect(await ended).toBe(1)
    expect(events()).toContain(event)
    expect(output.join('\n')).not.toContain('hunter22')
  })

  it('without its configuration names what is missing, as one JSON line, and ends with 1', async () => {
    const { ended, lines, output } = run('well', {})
    expect(await ended).toBe(1)
    expect(lines).toHaveLength(1)
    expect(output.join('\n')).toContain('DATABASE_URL: missing')
  })
})
