import { randomUUID } from 'node:crypto'
import { createLogger, createRedactor } from '@takt/service'
import { Redis } from 'ioredis'
import { expect, vi } from 'vitest'
import { type DeadJob, type JobHandlers, openJobs, startJobWorker } from '../src/index.ts'

/** One plant in Redis: its own prefix, a producer, workers, and what they did. */
export const openPlant = async (redisUrl: string) => {
  const prefix = `test-${randomUUID()}`
  const stop = new AbortController()
  const jobs = await openJobs({ redisUrl, prefix })
  const raw = new Redis(redisUrl, { maxRetriesPerRequest: null })
  raw.on('error', () => undefined) // The server is stopped on purpose.
  const dead: DeadJob[] = []
  const lines: string[] = []
  const logger = createLogger({
    service: 'test',
    level: 'debug',
    redactor: createRedactor(),
    write: line => lines.push(line),
  })
  const work = (handlers: JobHandlers, more: Partial<Parameters<typeof startJobWorker>[0]> = {}) =>
    startJobWorker({
      redisUrl,
      prefix,
      handlers,
      onDead: async each => void dead.push(each),
      lockDurationMs: 1000,
      stalledIntervalMs: 500,
      graceMs: 500,
      signal: stop.signal,
      logger,
      ...more,
    })
  const workers: ReturnType<typeof work>[] = []
  return {
    prefix,
    jobs,
    raw,
    dead,
    lines,
    work: (...args: Parameters<typeof work>) => {
      const worker = work(...args)
      workers.push(worker)
      return worker
    },
    keys: () => raw.keys(`${prefix}:*`),
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all(workers.map(worker => worker.close()))
      await jobs.close()
      raw.disconnect()
    },
  }
}

export const until = (condition: () => unknown) =>
  vi.waitFor(() => expect(condition()).toBeTruthy(), { timeout: 30_000, interval: 25 })
export const segment = () => ({ segmentId: randomUUID() })
