import { rm } from 'node:fs/promises'
import { closeSession } from '@takt/db'
import type { KeepContext } from './keep-context.ts'
import type { KeepItem } from './keep-item.ts'

/** Ends a session's row, if a segment of it was kept, and removes its directory: all that it held has been kept before. */
export async function keepSessionEnd(
  { db }: KeepContext,
  { session, directory, endedAtMs, outcome }: Extract<KeepItem, { kind: 'session-end' }>,
): Promise<void> {
  await closeSession(db, { id: session, endedAt: new Date(endedAtMs), outcome })
  await rm(directory, { recursive: true, force: true })
}
