/** Loops that stop: backoff, sleep, wake-ups and polling. Imports nothing. */

export type { AsyncEvent } from './async-event.ts'
export { createAsyncEvent } from './async-event.ts'
export type { BackoffOptions } from './backoff.ts'
export { backoffMs } from './backoff.ts'
export type { PollOptions } from './poll.ts'
export { poll } from './poll.ts'
export { sleep } from './sleep.ts'
