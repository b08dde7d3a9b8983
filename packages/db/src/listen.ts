import pg from 'pg'
import type { Database } from './open-database.ts'

/** Sent when a segment is kept, or coverage says it is lost; the payload is the camera. */
export const segmentChannel = 'takt_segment'
/** Sent when a slot is filled or buried. */
export const embeddedChannel = 'takt_embedded'
/** Sent when cameras, releases or requests change, and their readers should look. */
export const changedChannel = 'takt_changed'

/**
 * Calls `onHint` when something was announced, for as long as the signal lets it. Only a hint: while the connection is
 * away, announcements are missed, so readers poll as well. Resolves when the signal aborts or Postgres closes the
 * connection; throws what breaks it.
 */
export async function listen(
  db: Database,
  channels: readonly string[],
  onHint: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  const client = new pg.Client({ ...db.pool.options, statement_timeout: 0, keepAlive: true })
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>()
  ended.catch(() => undefined) // It may break before anybody waits for its end.
  client.once('end', end)
  client.on('error', fail)
  client.on('notification', onHint)
  const onAbort = () => end()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await client.connect()
    for (const channel of channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    await ended
  } finally {
    signal.removeEventListener('abort', onAbort)
    await client.end().catch(() => undefined)
  }
}
