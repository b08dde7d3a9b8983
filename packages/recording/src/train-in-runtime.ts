import { trainThrough } from '@takt/runtime'
import type { TemporalFit } from '@takt/steps'

/** Batches of some calls and the state, twice. */
const LIMIT_BYTES = 2 ** 30

/** Makes a run's steps in a child process of one thread. */
export function trainInRuntime(signal: AbortSignal): TemporalFit['train'] {
  return run => trainThrough(run, { provider: 'cpu', threads: 1, limitBytes: LIMIT_BYTES, signal })
}
