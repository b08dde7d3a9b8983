import { serviceError } from './service-errors.ts'

/** Resolves when a thing the service needs is there; rejects with the reason. It gets a signal that aborts at its time limit. */
export type HealthCheck = (signal: AbortSignal) => Promise<void>

export interface Readiness {
  readonly ready: boolean
  /** Each failing check with its error; the errors are for the log, their codes for the answer. */
  readonly failing: readonly { readonly check: string; readonly error: unknown }[]
}

/** What a service says of itself: named checks, and whether it has started and is not stopping. */
export interface Health {
  addCheck(name: string, check: HealthCheck): void
  /** Until `markReady` and after `markStopping` the check named `started` fails. */
  markReady(): void
  markStopping(): void
  readiness(): Promise<Readiness>
}

/** Checks run side by side, each within `timeoutMs`; probes that come meanwhile share the run, so that a hanging dependency collects no calls. */
export const createHealth = ({ timeoutMs = 2000 }: { readonly timeoutMs?: number } = {}): Health => {
  const checks = new Map<string, HealthCheck>()
  let state: 'starting' | 'ready' | 'stopping' = 'starting'
  let running: Promise<Readiness> | undefined

  const run = async (): Promise<Readiness> => {
    const outcomes = await Promise.all([...checks].map(([name, check]) => outcomeOf(name, check, timeoutMs)))
    const failing = outcomes.filter(outcome => outcome !== null)
    if (state !== 'ready') failing.unshift({ check: 'started', error: new Error(state) })
    return { ready: failing.length === 0, failing }
  }

  return {
    addCheck: (name, check) => void checks.set(name, check),
    markReady: () => {
      if (state === 'starting') state = 'ready'
    },
    markStopping: () => {
      state = 'stopping'
    },
    readiness: () => {
      running ??= run().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

const outcomeOf = async (name: string, check: HealthCheck, timeoutMs: number) => {
  const limit = new AbortController()
  const { promise: timedOut, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = serviceError('health-check-timeout', { check: name, timeoutMs })
    limit.abort(error)
    reject(error)
  }, timeoutMs)
  try {
    await Promise.race([check(limit.signal), timedOut])
    return null
  } catch (error) {
    return { check: name, error }
  } finally {
    clearTimeout(timer)
  }
}
