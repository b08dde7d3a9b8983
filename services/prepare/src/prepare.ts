import { createBucket, openBlobStore } from '@takt/blobs'
import { ensureMonthPartitions, migrate, openDatabase } from '@takt/db'
import type { PrepareConfig } from './config.ts'
import type { PrepareEvents } from './events.ts'

export type PrepareOptions = {
  readonly config: PrepareConfig
  readonly events: PrepareEvents
  readonly nowMs: number
  readonly signal?: AbortSignal
}

/**
 * Makes ready what the services find there when they start: the database's schema, its partitions for the months ahead,
 * and the bucket. Run before every start of a version, and as often as one likes: what is there already stays.
 */
export const prepare = async ({ config, events, nowMs, signal }: PrepareOptions): Promise<void> => {
  await migrate(config.DATABASE_URL.reveal(), signal)
  await using db = openDatabase({ url: config.DATABASE_URL.reveal(), connections: 1 })
  events.schemaReady({ partitionsThrough: await ensureMonthPartitions(db, nowMs) })

  const credentials = config.OBJECT_STORE_ACCESS_KEY &&
    config.OBJECT_STORE_SECRET_KEY && {
      accessKey: config.OBJECT_STORE_ACCESS_KEY,
      secretKey: config.OBJECT_STORE_SECRET_KEY,
    }
  const made = credentials ? await createBucket(config.OBJECT_STORE_URL, credentials) : false
  await using blobs = await openBlobStore(config.OBJECT_STORE_URL, credentials || undefined)
  await blobs.check()
  events.bucketReady({ made })
}
