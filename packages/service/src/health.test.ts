import { afterEach, describe, expect, it } from 'vitest'
import { defineErrors } from './errors/index.ts'
import { createHealth } from './health.ts'
import { startHealthServer } from './health-server.ts'
import { createLogger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createRedactor } from './redactor.ts'

const away = defineErrors({
  'store-away': { message: () => 'store at 10.0.0.3 is away, password hunter2', retryable: true },
})
const logger = createLogger({ service: 'test', level: 'silent', redactor: createRedactor() })
const open: { close(): Promise<unknown> }[] = []
afterEach(() => Promise.all(open.splice(0).map(server => server.close())))

const serve = async (timeoutMs = 2000) => {
  const health = createHealth({ timeoutMs })
  const metrics = createMetrics({ service: 'test', version: '1.2.3' })
  const server = await startHealthServer({ health, metrics, logger, host: '127.0.0.1', port: 0 })
  open.push(server)
  const ready = async () => {
    const response = await fetch(`${server.url}/health/ready`)
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      body: (await response.json()) as { readonly checks?: unknown },
    }
  }
  return { health, metrics, url: server.url, ready }
}

describe('a health listener', () => {
  it('lives from the first moment, and is ready once it is told so', async () => {
    const { health, url, ready } = await serve()
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await ready()).status).toBe(503)
    health.markReady()
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  it('answers 503 with a problem that names the failing checks and tells nothing more of them', async () => {
    const { health, ready } = await serve()
    health.markReady()
    health.addCheck('database', async () => undefined)
    health.addCheck('store', () => Promise.reject(away('store-away')))
    health.addCheck('redis', () =>
      Promise.reject(Object.assign(new Error('connect 10.0.0.3'), { code: 'ECONNREFUSED' })),
    )
    const { status, type, body } = await ready()
    expect(status).toBe(503)
    expect(type).toContain('application/problem+json')
    expect(body).toEqual({
      type: 'urn:takt:error:not-ready',
      title: 'Not ready',
      status: 503,
      detail: 'failing: store, redis',
      checks: [
        { check: 'store', reason: 'store-away' },
        { check: 'redis', reason: 'ECONNREFUSED' },
      ],
    })
  })

  it('waits for no check longer than its limit, and runs a hanging one once for many probes', async () => {
    const { health, ready } = await serve(50)
    health.markReady()
    let runs = 0
    let aborted = false
    health.addCheck('hanging', signal => {
      runs += 1
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Promise(() => undefined)
    })
    const answers = await Promise.all(Array.from({ length: 5 }, ready))
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    expect(answers[0]?.body.checks).toEqual([{ check: 'hanging', reason: 'health-check-timeout' }])
    expect(runs).toBe(1)
    expect(aborted).toBe(true)
  })

  it('is not ready any more once it stops, also when told to be ready afterwards', async () => {
    const { health, ready } = await serve()
    health.markReady()
    health.markStopping()
    health.markReady()
    expect(await ready()).toMatchObject({ status: 503, body: { checks: [{ check: 'started' }] } })
  })

  it('serves metrics of the process and its own, with the service on each', async () => {
    const { metrics, url } = await serve()
    metrics.counter({ name: 'segments_total', help: 'Segments stored.', labels: ['camera'] }).inc({ camera: 'c1' }, 3)
    const response = await fetch(`${url}/metrics`)
    const text = await response.text()
    expect(response.headers.get('content-type')).toContain('text/plain')
    expect(text).toContain('takt_segments_total{camera="c1",service="test"} 3')
    expect(text).toContain('takt_build_info{version="1.2.3",service="test"} 1')
    expect(text).toContain('process_cpu_seconds_total')
  })

  it('answers 404 for anything else', async () => {
    const { url } = await serve()
    for (const path of ['/', '/health', '/../etc/passwd', '/metrics/x'])
      expect((await fetch(url + path)).status).toBe(404)
  })
})
