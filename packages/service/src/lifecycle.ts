import { z } from 'zod'
import { parseEnvironment, processEnvironment } from './config.ts'
import { choice, duration, port } from './config-fields.ts'
import { createHealth } from './health.ts'
import { startHealthServer } from './health-server.ts'
import { lifecycleEvents, processEvents } from './lifecycle-events.ts'
import { createLogger, logLevels } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { createRedactor } from './redactor.ts'
import { secretsOf } from './secrets-of.ts'
import type { RunningService, ServiceContext, ServiceDefinition, StartOptions } from './service-definition.ts'
import { serviceError } from './service-errors.ts'
import { createShutdown } from './shutdown.ts'

/** The variables every service understands. */
export const baseEnvironment = z.object({
  LOG_LEVEL: choice(logLevels).default('info'),
  HEALTH_HOST: z.string().default('0.0.0.0'),
  HEALTH_PORT: port().default(9464),
  SHUTDOWN_INTAKE_TIMEOUT: duration().default(2000),
  SHUTDOWN_DRAIN_TIMEOUT: duration().default(20_000),
  SHUTDOWN_CLOSE_TIMEOUT: duration().default(5000),
})

/** Gives a definition its types. */
export const defineService = <Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>) => definition

/** Starts a service in this process and returns once `start` has; tests call it directly. Rejects with what made the start fail, after closing what was open. */
export const startService = async <Schema extends z.ZodObject>(
  definition: ServiceDefinition<Schema>,
  { env, signal, write, redactor = createRedactor() }: StartOptions,
): Promise<RunningService> => {
  const base = parseEnvironment(baseEnvironment, env)
  const config = parseEnvironment(definition.environment, env)
  for (const secret of secretsOf(config)) redactor.register(secret)
  const logger = createLogger({ service: definition.name, level: base.LOG_LEVEL, redactor, ...(write && { write }) })
  const metrics = createMetrics({ service: definition.name, version: definition.version })
  const health = createHealth()
  const events = lifecycleEvents(logger)
  const shutdown = createShutdown({
    events,
    health,
    limitsMs: {
      intake: base.SHUTDOWN_INTAKE_TIMEOUT,
      drain: base.SHUTDOWN_DRAIN_TIMEOUT,
      close: base.SHUTDOWN_CLOSE_TIMEOUT,
    },
  })
  signal?.addEventListener('abort', () => void shutdown.stop(), { once: true })

  const context: ServiceContext<z.output<Schema>> = {
    config,
    logger,
    redactor,
    metrics,
    health,
    signal: shutdown.signal,
    background: shutdown.background,
    stopIntake: (name, step) => shutdown.add('intake', name, step),
    drain: (name, step) => shutdown.add('drain', name, step),
    defer: (name, step) => shutdown.add('close', name, step),
    ready: () => {
      health.markReady()
      events.serviceReady()
    },
  }

  try {
    signal?.throwIfAborted()
    const listener =
      definition.health === 'listener'
        ? await startHealthServer({ health, metrics, logger, host: base.HEALTH_HOST, port: base.HEALTH_PORT })
        : undefined
    if (listener) context.defer('health listener', listener.close)
    const started = await Promise.race([definition.start(context), rejectWhenStopped(shutdown.signal, definition.name)])
    const url = (started ? started.url : undefined) ?? listener?.url ?? ''
    events.serviceStarted({ version: definition.version, url })
    return { url, stop: shutdown.stop, stopped: shutdown.stopped }
  } catch (error) {
    events.startFailed({ error })
    shutdown.stopped.catch(() => undefined) // The caller is told of `error`, which came first.
    await shutdown.stop()
    throw error
  }
}

const rejectWhenStopped = (signal: AbortSignal, service: string): Promise<never> =>
  new Promise((_, reject) => {
    const refuse = () => reject(serviceError('service-stopped-in-start', { service }))
    if (signal.aborted) refuse()
    signal.addEventListener('abort', refuse, { once: true })
  })

/** Runs a service as this process's only purpose: SIGTERM and SIGINT stop it, a second one ends it at once; exits 0 after a clean stop, else 1. */
export const runService = async <Schema extends z.ZodObject>(definition: ServiceDefinition<Schema>): Promise<never> => {
  const redactor = createRedactor()
  const events = processEvents(createLogger({ service: definition.name, level: 'info', redactor }))
  const stop = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(1)
      stop.abort(new Error(name))
    })
  for (const origin of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(origin, (error: unknown) => {
      events[origin]({ error })
      process.exit(1)
    })
  try {
    const running = await startService(definition, { env: processEnvironment(), signal: stop.signal, redactor })
    await running.stopped
    return process.exit(0)
  } catch (error) {
    events.serviceFailed({ error })
    return process.exit(1)
  }
}
