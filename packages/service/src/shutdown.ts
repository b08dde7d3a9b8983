import type { Health } from './health.ts'
import type { LifecycleEvents } from './lifecycle-events.ts'
import type { StopStep } from './service-definition.ts'
import { serviceError } from './service-errors.ts'

const phases = ['intake', 'drain', 'close'] as const
type Phase = (typeof phases)[number]
type Step = { readonly name: string; readonly run: StopStep }

export interface ShutdownOptions {
  readonly events: LifecycleEvents
  readonly health: Health
  readonly limitsMs: Readonly<Record<Phase, number>>
}

/** The three phases of stopping, each bounded in time: intake and drain run their steps side by side, close runs them last to first. */
export const createShutdown = ({ events, health, limitsMs }: ShutdownOptions) => {
  const steps: Record<Phase, Step[]> = { intake: [], drain: [], close: [] }
  const intake = new AbortController()
  const outcome = Promise.withResolvers<void>()
  outcome.promise.catch(() => undefined) // Whoever awaits `stopped` learns of it; nobody has to.
  const failures: unknown[] = []
  let stopping: Promise<void> | undefined

  const runStep = async (phase: Phase, { name, run }: Step, limit: AbortSignal) => {
    try {
      await Promise.race([
        run(limit),
        rejectAtLimit(limit, () =>
          serviceError('shutdown-step-timeout', { phase, step: name, timeoutMs: limitsMs[phase] }),
        ),
      ])
    } catch (error) {
      failures.push(error)
      events.stopStepFailed({ phase, step: name, error })
    }
  }

  const runPhase = async (phase: Phase) => {
    const limit = AbortSignal.timeout(limitsMs[phase])
    if (phase !== 'close') return void (await Promise.all(steps[phase].map(step => runStep(phase, step, limit))))
    for (const step of steps.close.toReversed()) await runStep(phase, step, limit)
  }

  const runPhases = async () => {
    events.stopping()
    health.markStopping()
    intake.abort(new Error('the service stops'))
    for (const phase of phases) await runPhase(phase)
    events.serviceStopped({ clean: failures.length === 0 })
    if (failures.length === 0) outcome.resolve()
    else
      outcome.reject(
        failures.length === 1 ? failures[0] : new AggregateError(failures, 'the service did not stop cleanly'),
      )
  }

  const stop = (): Promise<void> => {
    stopping ??= runPhases()
    return stopping
  }

  return {
    signal: intake.signal,
    stopped: outcome.promise,
    stop,
    add: (phase: Phase, name: string, run: StopStep) => void steps[phase].push({ name, run }),
    background: (name: string, run: (signal: AbortSignal) => Promise<void>) => {
      const task = run(intake.signal).catch((error: unknown) => {
        if (intake.signal.aborted && isAbort(error, intake.signal)) return
        failures.push(error)
        events.backgroundFailed({ task: name, error })
        void stop()
      })
      steps.drain.push({ name, run: () => task })
    },
  }
}

const rejectAtLimit = (limit: AbortSignal, error: () => Error): Promise<never> =>
  new Promise((_, reject) => {
    if (limit.aborted) reject(error())
    limit.addEventListener('abort', () => reject(error()), { once: true })
  })

const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  error === signal.reason || (error instanceof Error && error.name === 'AbortError')
