import { coverageEnd } from '@takt/db'
import type { SessionClock } from '@takt/domain'
import { ingestError } from '../errors.ts'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { Outage } from './keep-item.ts'

/** What the keeping of one camera has come to. */
export interface KeepState {
  /** Where the chain of coverage ends; undefined while unsure: after a start, and after a try whose outcome is not known. */
  readonly coveredUntilMs: number | null | undefined
  /** Since the last segment. */
  readonly outages: readonly Outage[]
  /** Of the session that the last segment came from. */
  readonly clock: SessionClock | undefined
}

export const nothingKept: KeepState = {
  coveredUntilMs: undefined,
  outages: [],
  clock: undefined,
}

/** The end of the chain, asked of Postgres when unsure. Throws `camera-unknown`. */
export async function chainEnd({ db }: KeepContext, camera: KeptCamera, state: KeepState): Promise<number | null> {
  if (state.coveredUntilMs !== undefined) return state.coveredUntilMs
  const end = await coverageEnd(db, camera.id)
  if (end === undefined) throw ingestError('camera-unknown', { camera: camera.id })
  return end === null ? null : end.getTime()
}
