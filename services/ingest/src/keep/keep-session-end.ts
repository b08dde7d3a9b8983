import { rm } from 'node:fs/promises'
import { closeSession } from '@takt/db'
import type { KeepContext, KeptCamera } from './keep-context.ts'
import type { KeepItem } from './keep-item.ts'
import type { KeepState } from './keep-state.ts'

type SessionEnd = Extract<KeepItem, { kind: 'session-end' }>

/** Ends a session's row, if a segment of it was kept, and removes its directory: all that it held has been kept before. */
export async function keepSessionEnd(
  { db }: KeepContext,
  _camera: KeptCamera,
  state: KeepState,
  { session, directory, endedAtMs, outcome }: SessionEnd,
): Promise<KeepState> {
  await closeSession(db, { id: session, endedAt: new Date(endedAtMs), outcome })
  await rm(directory, { recursive: true, force: true })
  return state
}
