import {
  buryMissing,
  type Database,
  recordAdaptationFailed,
  recordAttempt,
  recordDeadJob,
  recordFitFailed,
} from '@takt/db'
import type { DeadJob, Jobs } from '@takt/jobs'
import { createLogger, createMetrics, createRedactor } from '@takt/service'
import { toJobFailure } from '@takt/service/errors'
import { StepsError } from '@takt/steps'
import { VideoError } from '@takt/video'
import { beforeEach, describe, expect, it, test, vi } from 'vitest'
import { adaptEncoder } from './adapt/adapt-encoder.ts'
import { embedLiveSegment, embedSegment } from './embed/embed-segment.ts'
import { workerError } from './errors.ts'
import { workerEvents } from './events.ts'
import { fitStationHead } from './fit/fit-station-head.ts'
import { createHandlers, createUndertaker, type HandlerContext } from './handlers.ts'
import { createWorkerMetrics } from './metrics.ts'

vi.mock(import('@takt/db'), async original => ({
  ...(await original()),
  buryMissing: vi.fn(),
  recordAdaptationFailed: vi.fn(),
  recordAttempt: vi.fn(),
  recordDeadJob: vi.fn(),
  recordFitFailed: vi.fn(),
}))
vi.mock(import('./adapt/adapt-encoder.ts'), () => ({ adaptEncoder: vi.fn() }))
vi.mock(import('./embed/embed-segment.ts'), () => ({ embedLiveSegment: vi.fn(), embedSegment: vi.fn() }))
vi.mock(import('./fit/fit-station-head.ts'), () => ({ fitStationHead: vi.fn() }))

const db = {} as Database
const segmentId = '00000000-0000-7000-8000-000000000001'
const headId = '00000000-0000-7000-8000-000000000002'
const adaptationId = '00000000-0000-7000-8000-000000000003'

function wire() {
  const log: string[] = []
  const logger = createLogger({
    service: 'worker',
    level: 'debug',
    redactor: createRedactor(),
    write: line => log.push(line),
  })
  const registry = createMetrics({ service: 'worker', version: 'test' })
  const metrics = createWorkerMetrics(registry, { counts: async () => ({}) } as unknown as Jobs)
  const context = { embed: { db }, fit: { db }, events: workerEvents(logger), metrics } as HandlerContext
  return { handlers: createHandlers(context), undertaker: createUndertaker(db, metrics), registry, log }
}

const job = (signal = new AbortController().signal) => ({ attempt: 2, lastAttempt: false, signal })

beforeEach(() => vi.clearAllMocks())

describe('an embed job', () => {
  it('that failed is written down on its slots, and thrown to the queue', async () => {
    const fault = new VideoError('ffmpeg-unavailable', true, 'ffmpeg could not be started')
    vi.mocked(embedLiveSegment).mockRejectedValue(fault)
    await expect(wire().handlers['embed-live']!({ segmentId }, job())).rejects.toBe(fault)
    expect(recordAttempt).toHaveBeenCalledExactlyOnceWith(db, segmentId, 'ffmpeg could not be started')
  })

  it('that is cut short because the worker stops has not failed', async () => {
    vi.mocked(embedLiveSegment).mockRejectedValue(new Error('stopping'))
    await expect(wire().handlers['embed-live']!({ segmentId }, job(AbortSignal.abort()))).rejects.toThrow('stopping')
    expect(recordAttempt).not.toHaveBeenCalled()
  })

  it('is counted with its outcome', async () => {
    const { handlers, registry } = wire()
    vi.mocked(embedSegment).mockResolvedValueOnce(3).mockRejectedValueOnce(new Error('x'))
    await handlers['embed-backfill']!({ segmentId }, job())
    await handlers['embed-backfill']!({ segmentId }, job()).catch(() => undefined)
    const text = await registry.registry.metrics()
    expect(text).toMatch(/embeddings_total(\{[^}]*\})? 3/)
    for (const outcome of ['done', 'failed'])
      expect(text).toMatch(new RegExp(`job_seconds_count\\{[^}]*outcome="${outcome}"[^}]*\\} 1`))
  })
})

describe('a fit', () => {
  it.each([
    workerError('video-not-settled', { head: headId, untilMs: 0 }),
    workerError('video-not-embedded', { head: headId, segments: 3 }),
  ])('whose video is still being embedded ends without failing: the head waits for the sweep', async waits => {
    vi.mocked(fitStationHead).mockRejectedValue(waits)
    await wire().handlers.train!({ kind: 'fit', headId }, job())
    expect(recordFitFailed).not.toHaveBeenCalled()
  })

  it('that cannot succeed is not tried again', async () => {
    const hopeless = [
      new StepsError('class_without_example', { class: 'pick' }),
      workerError('no-labelled-task', { head: headId, station: 's', ranges: 0 }),
      workerError('no-labelled-video', { head: headId, task: 'pick' }),
    ]
    for (const fault of hopeless) {
      vi.mocked(fitStationHead).mockRejectedValueOnce(fault)
      const error: unknown = await wire().handlers.train!({ kind: 'fit', headId }, job()).catch(thrown => thrown)
      expect(toJobFailure(error).outcome).toBe('unrecoverable')
    }
  })
})

describe('an adaptation', () => {
  it('is counted and told of by what became of it', async () => {
    const { handlers, registry, log } = wire()
    vi.mocked(adaptEncoder)
      .mockResolvedValueOnce({ outcome: 'done', encoder: 'new', steps: 40 })
      .mockResolvedValueOnce({ outcome: 'stopped' })
      .mockResolvedValueOnce({ outcome: 'elsewhere' })
    for (let run = 0; run < 3; run++) await handlers.adapt!({ adaptationId }, job())
    const text = await registry.registry.metrics()
    for (const outcome of ['done', 'stopped', 'waiting'])
      expect(text).toMatch(new RegExp(`job_seconds_count\\{[^}]*kind="adapt",outcome="${outcome}"[^}]*\\} 1`))
    expect(log.map(line => JSON.parse(line).event)).toEqual(['encoderAdapted', 'adaptationStopped'])
  })

  it('that fails goes back to the queue, which knows whether trying again helps', async () => {
    vi.mocked(adaptEncoder).mockRejectedValueOnce(new Error('the child ended'))
    await expect(wire().handlers.adapt!({ adaptationId }, job())).rejects.toThrow('the child ended')
  })
})

describe('a dead job', () => {
  const embed: DeadJob = {
    kind: 'embed-live',
    args: { segmentId },
    jobId: 'x',
    attempts: 5,
    error: new Error('broken'),
  }

  it('of a segment makes its open slots dead, and is listed', async () => {
    await wire().undertaker(embed)
    expect(buryMissing).toHaveBeenCalledExactlyOnceWith(db, segmentId, 'broken')
    expect(recordDeadJob).toHaveBeenCalledExactlyOnceWith(db, {
      queue: 'embed-live',
      kind: 'embed-live',
      args: { segmentId },
      error: 'broken',
    })
  })

  it('of a head says on the head what was wrong', async () => {
    const error = workerError('no-labelled-video', { head: headId, task: 'pick' })
    await wire().undertaker({ kind: 'train', args: { kind: 'fit', headId }, jobId: 'x', attempts: 1, error })
    expect(recordFitFailed).toHaveBeenCalledExactlyOnceWith(db, headId, expect.stringContaining('task "pick"'))
    expect(buryMissing).not.toHaveBeenCalled()
  })

  it('of an adaptation says on it what was wrong', async () => {
    const error = new Error('loss is not finite at step 3')
    await wire().undertaker({ kind: 'adapt', args: { adaptationId }, jobId: 'x', attempts: 1, error })
    expect(recordAdaptationFailed).toHaveBeenCalledExactlyOnceWith(db, adaptationId, 'loss is not finite at step 3')
  })

  it('that could not be read marks nothing and is listed all the same', async () => {
    await wire().undertaker({ ...embed, args: null })
    expect(buryMissing).not.toHaveBeenCalled()
    expect(recordDeadJob).toHaveBeenCalledOnce()
  })

  it('that cannot be recorded comes back: the undertaker throws', async () => {
    vi.mocked(recordDeadJob).mockRejectedValueOnce(new Error('Postgres is away'))
    await expect(wire().undertaker(embed)).rejects.toThrow('Postgres is away')
  })
})

test('what is written down is cut to what a person reads', async () => {
  vi.mocked(embedLiveSegment).mockRejectedValue(new Error('x'.repeat(100_000)))
  await wire().handlers['embed-live']!({ segmentId }, job()).catch(() => undefined)
  expect(vi.mocked(recordAttempt).mock.calls[0]![2]).toHaveLength(2000)
})
