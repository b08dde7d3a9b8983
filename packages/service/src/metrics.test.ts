import { describe, expect, it } from 'vitest'
import { createMetrics, observeSeconds } from './metrics.ts'

const metricsOf = () => createMetrics({ service: 'test', version: '1' })

describe('metrics', () => {
  it.each([
    ['a counter without _total', () => metricsOf().counter({ name: 'segments', help: '' })],
    ['a histogram without a base unit', () => metricsOf().histogram({ name: 'lag_ms', help: '', buckets: [1] })],
    ['a name with the prefix', () => metricsOf().gauge({ name: 'takt_up', help: '' })],
    ['a name that is none', () => metricsOf().gauge({ name: 'Up-Time', help: '' })],
  ])('refuse %s', (_, make) => {
    expect(make).toThrowError(expect.objectContaining({ code: 'metric-misnamed' }))
  })

  it('observe how long work took, also when it fails', async () => {
    const metrics = metricsOf()
    const histogram = metrics.histogram({
      name: 'job_seconds',
      help: 'Time of a job.',
      labels: ['kind'],
      buckets: [0.1, 1],
    })
    await observeSeconds(histogram, { kind: 'embed' }, async () => undefined)
    await expect(observeSeconds(histogram, { kind: 'embed' }, () => Promise.reject(new Error('x')))).rejects.toThrow(
      'x',
    )
    expect(await metrics.registry.getSingleMetricAsString('takt_job_seconds')).toContain(
      'takt_job_seconds_count{service="test",kind="embed"} 2',
    )
  })

  it('of two services in one process do not meet', async () => {
    const [one, two] = [metricsOf(), metricsOf()]
    one.gauge({ name: 'queue_jobs', help: 'x' }).set(1)
    two.gauge({ name: 'queue_jobs', help: 'x', collect: gauge => gauge.set(2) })
    expect(await one.registry.getSingleMetricAsString('takt_queue_jobs')).toContain('} 1')
    expect(await two.registry.getSingleMetricAsString('takt_queue_jobs')).toContain('} 2')
  })
})
