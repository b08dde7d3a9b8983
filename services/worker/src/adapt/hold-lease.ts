import { type AdaptationLease, type AdaptationProgress, type Database, renewLease } from '@takt/db'
import { poll } from '@takt/service'
import { workerError } from '../errors.ts'

/** A lease that is renewed until it is let go of. */
export interface HeldLease extends AsyncDisposable {
  /** Aborts with `adaptation-stopped` when a person wants the end, with `adaptation-lost` when another has the lease. */
  readonly signal: AbortSignal
  /** Renews it now, so that what is reported is whole. */
  readonly report: () => Promise<void>
}

/** Some of these fit into the time of a lease: one that fails is not the end. */
const renewEveryMs = 2_000

/** Renews a lease with what `progress` says, again and again. A database that is away is waited for: only its word ends the lease. */
export function holdLease(
  db: Database,
  lease: AdaptationLease,
  { progress, onError }: { readonly progress: () => AdaptationProgress; readonly onError: (error: unknown) => void },
): HeldLease {
  const ended = new AbortController()
  const letGo = new AbortController()
  const report = async () => {
    const answer = await renewLease(db, lease, progress())
    if (answer === 'stop') ended.abort(workerError('adaptation-stopped', lease))
    if (answer === 'lost') ended.abort(workerError('adaptation-lost', lease))
  }
  const renewing = poll({ everyMs: renewEveryMs, signal: letGo.signal, onError }, report)
  return {
    signal: ended.signal,
    report,
    [Symbol.asyncDispose]: async () => {
      letGo.abort()
      await renewing
    },
  }
}
