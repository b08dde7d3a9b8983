import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { secret } from './config-fields.ts'
import { defineService, startService } from './lifecycle.ts'
import type { RunningService, ServiceContext, ServiceDefinition } from './service-definition.ts'

const environment = z.object({ GREETING: z.string().default('hello'), TOKEN: secret().optional() })
type Start = ServiceDefinition<typeof environment>['start']

const env = {
  HEALTH_HOST: '127.0.0.1',
  HEALTH_PORT: '0',
  SHUTDOWN_INTAKE_TIMEOUT: '50ms',
  SHUTDOWN_DRAIN_TIMEOUT: '50ms',
  SHUTDOWN_CLOSE_TIMEOUT: '50ms',
}

const started: RunningService[] = []
afterEach(() => Promise.all(started.splice(0).map(service => service.stop())))

const launch = async (start: Start, more: Record<string, string> = {}) => {
  const lines: string[] = []
  const signal = new AbortController()
  const definition = defineService({ name: 'greeter', version: '1.0.0', environment, health: 'listener', start })
  const service = await startService(definition, {
    env: { ...env, ...more },
    signal: signal.signal,
    write: line => lines.push(line),
  })
  started.push(service)
  return { service, lines, signal, events: () => lines.map(line => JSON.parse(line).event as string) }
}

const contextOf = async (more: Record<string, string> = {}) => {
  const { promise, resolve } = Promise.withResolvers<ServiceContext<z.output<typeof environment>>>()
  const launched = await launch(async context => resolve(context), more)
  return { ...launched, context: await promise }
}

describe('a service', () => {
  it('starts with its parsed configuration and answers on its health listener', async () => {
    const { service, context, events } = await contextOf({ GREETING: 'good day' })
    expect(context.config.GREETING).toBe('good day')
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503)
    context.ready()
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200)
    expect(events()).toEqual(['serviceStarted', 'serviceReady'])
  })

  it('reports the URL of its own server where it has one', async () => {
    const definition = defineService({
      name: 'api',
      version: '1.0.0',
      environment,
      health: 'mounted',
      start: async () => ({ url: 'http://api:1' }),
    })
    const service = await startService(definition, { env, write: () => undefined })
    started.push(service)
    expect(service.url).toBe('http://api:1')
  })

  it('logs none of the secrets of its configuration', async () => {
    const { context, lines } = await contextOf({ TOKEN: 'hunter-22' })
    context.logger.info({ note: `the token is ${context.config.TOKEN?.reveal()}` }, 'hunter-22')
    expect(lines.at(-1)).toContain('the token is [secret]')
    expect(lines.join()).not.toContain('hunter-22')
  })

  it('refuses to start without its configuration', async () => {
    await expect(launch(async () => undefined, { SHUTDOWN_DRAIN_TIMEOUT: 'soon' })).rejects.toMatchObject({
      code: 'configuration-invalid',
    })
  })

  it('closes what it had opened when its start fails, and says why', async () => {
    const closed: string[] = []
    const failing = launch(async context => {
      context.defer('first', () => void closed.push('first'))
      context.defer('second', () => void closed.push('second'))
      throw new Error('no database')
    })
    await expect(failing).rejects.toThrow('no database')
    expect(closed).toEqual(['second', 'first'])
  })

  it('stops in phases: no intake, then drain, then close from last to first', async () => {
    const { service, context } = await contextOf()
    const order: string[] = []
    const step = (name: string) => async () => {
      await Promise.resolve()
      order.push(`${name}, aborted: ${context.signal.aborted}`)
    }
    context.defer('client', step('close client'))
    context.defer('pool', step('close pool'))
    context.drain('jobs', step('drain jobs'))
    context.stopIntake('listener', step('stop listener'))
    await service.stop()
    await service.stop()
    expect(order).toEqual(
      ['stop listener', 'drain jobs', 'close pool', 'close client'].map(each => `${each}, aborted: true`),
    )
    await expect(service.stopped).resolves.toBeUndefined()
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow()
  })

  it('stops when the signal it was started with aborts', async () => {
    const { service, signal, events } = await contextOf()
    signal.abort()
    await service.stopped
    expect(events().slice(-2)).toEqual(['stopping', 'serviceStopped'])
  })

  it('waits for no step longer than its phase, runs the later ones all the same, and says what it left behind', async () => {
    const { service, context } = await contextOf()
    let closed = false
    let told = false
    context.drain('hanging', signal => {
      signal.addEventListener('abort', () => {
        told = true
      })
      return new Promise(() => undefined)
    })
    context.defer('client', () => {
      closed = true
    })
    await service.stop()
    expect({ closed, told }).toEqual({ closed: true, told: true })
    await expect(service.stopped).rejects.toMatchObject({
      code: 'shutdown-step-timeout',
      details: { phase: 'drain', step: 'hanging' },
    })
  })

  it('goes on closing when one step fails, and reports it', async () => {
    const { service, context, events } = await contextOf()
    let closed = false
    context.defer('first', () => {
      closed = true
    })
    context.defer('second', () => Promise.reject(new Error('cannot close')))
    await service.stop()
    expect(closed).toBe(true)
    expect(events()).toContain('stopStepFailed')
    await expect(service.stopped).rejects.toThrow('cannot close')
  })

  it('waits for its background loops, which end by the signal', async () => {
    const { service, context } = await contextOf()
    let ended = false
    context.background('loop', async signal => {
      await new Promise(resolve => signal.addEventListener('abort', resolve))
      await Promise.resolve()
      ended = true
    })
    await service.stop()
    expect(ended).toBe(true)
    await expect(service.stopped).resolves.toBeUndefined()
  })

  it('stops with an error when a background loop fails', async () => {
    const { service, context, events } = await contextOf()
    context.background('loop', () => Promise.reject(new Error('the loop broke')))
    await expect(service.stopped).rejects.toThrow('the loop broke')
    expect(events()).toContain('backgroundFailed')
  })

  it('told to stop while it starts gives up starting and closes', async () => {
    const stop = new AbortController()
    let closed = false
    const definition = defineService({
      name: 'slow',
      version: '1',
      environment,
      health: 'listener',
      start: context => {
        context.defer('client', () => {
          closed = true
        })
        stop.abort()
        return new Promise<void>(() => undefined)
      },
    })
    const starting = startService(definition, { env, signal: stop.signal, write: () => undefined })
    await expect(starting).rejects.toMatchObject({ code: 'service-stopped-in-start' })
    expect(closed).toBe(true)
  })
})
