import { createLogger, createRedactor } from '@takt/service'
import { startJobWorker } from '../src/index.ts'

/** A worker of its own process, to be killed in the middle of a job: it says on stdout what it began and never ends it. */
const [redisUrl = '', prefix = ''] = process.argv.slice(2)

startJobWorker({
  redisUrl,
  prefix,
  lockDurationMs: 1000,
  stalledIntervalMs: 500,
  signal: new AbortController().signal,
  logger: createLogger({ service: 'test', level: 'silent', redactor: createRedactor() }),
  onDead: async () => undefined,
  handlers: {
    'embed-live': async ({ segmentId }, { attempt }) => {
      process.stdout.write(`${JSON.stringify({ segmentId, attempt })}\n`)
      await new Promise(() => setInterval(() => undefined, 1000))
    },
  },
})
