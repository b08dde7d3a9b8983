import { backoffMs } from '@takt/service/loop'
import { Redis } from 'ioredis'

/** Remembers its duplicates: BullMQ makes one a queue for its blocking calls, and cannot let go of one that never connected. */
class WorkerConnection extends Redis {
  readonly duplicates: Redis[] = []

  override duplicate(...options: Parameters<Redis['duplicate']>): Redis {
    const duplicate = super.duplicate(...options)
    this.duplicates.push(duplicate)
    return duplicate
  }
}

/** A connection that waits for Redis without limit, since a worker has nothing else to do; `disconnect` ends it and what was made from it. */
export const openWorkerConnection = (redisUrl: string) => {
  const redis = new WorkerConnection(redisUrl, {
    maxRetriesPerRequest: null,
    retryStrategy: attempt => backoffMs(attempt, Math.random(), { firstMs: 100, capMs: 2000 }),
  })
  const disconnect = () => {
    for (const connection of [redis, ...redis.duplicates]) connection.disconnect()
  }
  return { redis, disconnect }
}
