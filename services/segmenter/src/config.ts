import { duration, integer, secret, secretUrl, url } from '@takt/service'
import { z } from 'zod'

export const environment = z.object({
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  OBJECT_STORE_URL: url(['file:', 's3:']),
  OBJECT_STORE_ACCESS_KEY: z.string().optional(),
  OBJECT_STORE_SECRET_KEY: secret().optional(),
  /** Where gRPC listens. */
  GRPC_ADDRESS: z.string().default('0.0.0.0:9090'),
  /** Streams of one replica at a time, one a station. */
  MAX_STREAMS: integer({ min: 1, max: 10_000 }).default(256),
  /** Postgres is asked for more this often, when no announcement comes first. */
  POLL_INTERVAL: duration().default(1000),
})
