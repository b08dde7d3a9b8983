import type { z } from 'zod'
import type { Environment } from './config.ts'
import type { Health } from './health.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { Redactor } from './redactor.ts'

/** One step of shutting down; the signal aborts when its phase runs out of time. */
export type StopStep = (signal: AbortSignal) => PromiseLike<void> | void

/** What a service is given to start with. */
export interface ServiceContext<Config> {
  readonly config: Config
  readonly logger: Logger
  readonly redactor: Redactor
  readonly metrics: Metrics
  readonly health: Health
  /** Aborts first when the service stops: loops end and no new work is taken. */
  readonly signal: AbortSignal
  /** A loop that lives as long as the service: it ends when the signal aborts; if it fails before, the service stops with an error. */
  background(name: string, run: (signal: AbortSignal) => Promise<void>): void
  /** First phase of stopping, side by side: refuse new work. */
  stopIntake(name: string, step: StopStep): void
  /** Second phase, side by side, after the signal has aborted: finish or hand back what is running. Background loops are waited for here. */
  drain(name: string, step: StopStep): void
  /** Third phase, last registered first, one after the other: close clients and files. */
  defer(name: string, step: StopStep): void
  /** Makes `/health/ready` answer 200 (as long as the checks pass). */
  ready(): void
}

export interface ServiceDefinition<Schema extends z.ZodObject> {
  readonly name: string
  readonly version: string
  /** The service's own variables, by their names in the environment (`DATABASE_URL`); those of `baseEnvironment` are added. */
  readonly environment: Schema
  /** `listener`: health and metrics get a listener of their own (HEALTH_HOST, HEALTH_PORT). `mounted`: the service registers `healthPlugin` on its own server and returns its URL. */
  readonly health: 'listener' | 'mounted'
  readonly start: (context: ServiceContext<z.output<Schema>>) => Promise<{ readonly url: string }> | Promise<void>
}

export interface StartOptions {
  readonly env: Environment
  /** Aborting it stops the service. */
  readonly signal?: AbortSignal
  /** Where log lines go; standard output by default. */
  readonly write?: (line: string) => void
  /** Learns the secrets of the configuration; by default a new one. */
  readonly redactor?: Redactor
}

export interface RunningService {
  /** Of the service's own server, or of its health listener; no trailing slash. */
  readonly url: string
  /** Runs the three phases; resolves when they are over. May be called more than once. */
  stop(): Promise<void>
  /** Settles when the service has stopped: resolves after a clean stop, rejects with what made it stop, or with what it left behind. */
  readonly stopped: Promise<void>
}
