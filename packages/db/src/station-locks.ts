import type { StationId } from '@takt/domain'
import pg from 'pg'
import type { Database } from './open-database.ts'

/** Advisory locks on stations, all held by one connection: when it breaks, they are gone and are taken anew. */
export interface StationLocks extends AsyncDisposable {
  readonly tryAcquire: (station: StationId) => Promise<boolean>
}

/** First key of the advisory locks, so that they meet no others. */
const lockClass = 0x74616b74

export function openStationLocks(db: Database): StationLocks {
  let connection: Promise<pg.Client> | null = null
  const connect = async () => {
    const client = new pg.Client({ ...db.pool.options, keepAlive: true })
    client.on('error', () => {
      connection = null
    })
    await client.connect()
    return client
  }
  return {
    tryAcquire: async station => {
      connection ??= connect()
      try {
        const client = await connection
        const { rows } = await client.query<{ acquired: boolean }>(
          'select pg_try_advisory_lock($1, hashtext($2)) as acquired',
          [lockClass, station],
        )
        return rows[0]!.acquired
      } catch (error) {
        connection = null
        throw error
      }
    },
    [Symbol.asyncDispose]: async () => {
      const client = await connection?.catch(() => null)
      await client?.end()
    },
  }
}
