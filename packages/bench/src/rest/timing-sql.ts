import type { Database } from '@takt/db'
import { listTimings, type TimingFilter } from '@takt/db/listing'
import type { QueryConfig } from 'pg'

/** The very statement that the listing sends for a filter, with its values and type parsers: it is sent to nobody here. */
export async function timingSql(filter: TimingFilter): Promise<QueryConfig> {
  let sent: QueryConfig | undefined
  const pool = {
    query: async (query: QueryConfig) => {
      sent = query
      return { rows: [] }
    },
  }
  await listTimings({ pool } as unknown as Database, filter)
  return sent!
}
