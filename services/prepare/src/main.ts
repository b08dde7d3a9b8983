import { createLogger, createRedactor, parseEnvironment, processEnvironment } from '@takt/service'
import { prepareEnvironment } from './config.ts'
import { prepareEvents } from './events.ts'
import { prepare } from './prepare.ts'

const interrupted = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => interrupted.abort())

const redactor = createRedactor()
const events = prepareEvents(createLogger({ service: 'prepare', level: 'info', redactor }))
try {
  const config = parseEnvironment(prepareEnvironment, processEnvironment())
  for (const secret of [config.DATABASE_URL, config.OBJECT_STORE_SECRET_KEY]) if (secret) redactor.register(secret)
  await prepare({ config, events, nowMs: Date.now(), signal: interrupted.signal })
} catch (error) {
  events.prepareFailed({ error })
  process.exitCode = 1
}
