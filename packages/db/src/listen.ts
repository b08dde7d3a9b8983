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
 * away, announcements are missed, so readers poll as well. Resolves when the connection ends.
 */
export async function listen(
  db: Database,
  channels: readonly string[],
  onHint: () => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client({ ...db.pool.options, statement_timeout: 0, keepAlive: true })
  const ended = new Promise<void>(resolve => {
    client.once('end', () => resolve())
    client.on('error', () => resolve())
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  client.on('notification', onHint)
  await client.connect()
  try {
    for (const channel of channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    await ended
  } finally {
    await client.end().catch(() => undefined)
  }
}
