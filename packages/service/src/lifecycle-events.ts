import { defineEvents, event } from './events.ts'

/** What every service logs of its own life. */
export const lifecycleEvents = defineEvents({
  serviceStarted: event<{ version: string; url: string }>({ level: 'info', message: 'started' }),
  serviceReady: event({ level: 'info', message: 'ready' }),
  startFailed: event<{ error: unknown }>({ level: 'fatal', message: 'could not start' }),
  backgroundFailed: event<{ task: string; error: unknown }>({
    level: 'fatal',
    message: 'a background task failed: the service stops',
  }),
  stopping: event({ level: 'info', message: 'stopping' }),
  stopStepFailed: event<{ phase: string; step: string; error: unknown }>({
    level: 'error',
    message: 'a step of stopping failed',
  }),
  serviceStopped: event<{ clean: boolean }>({ level: 'info', message: 'stopped' }),
})

export type LifecycleEvents = ReturnType<typeof lifecycleEvents>

/** How a process ends that does not end well. */
export const processEvents = defineEvents({
  uncaughtException: event<{ error: unknown }>({
    level: 'fatal',
    message: 'the process ends: its state cannot be trusted any more',
  }),
  unhandledRejection: event<{ error: unknown }>({
    level: 'fatal',
    message: 'the process ends: a failure was awaited by nobody',
  }),
  serviceFailed: event<{ error: unknown }>({ level: 'fatal', message: 'the service ended with an error' }),
})
