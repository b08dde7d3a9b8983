import { bytes, duration, integer, secret, secretUrl, url } from '@takt/service'
import { z } from 'zod'

/** The variables of ingest, besides those of every service. */
export const ingestEnvironment = z.object({
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  REDIS_URL: secretUrl(['redis:', 'rediss:']),
  REDIS_PREFIX: z.string().default('takt'),
  OBJECT_STORE_URL: url(['file:', 's3:']),
  OBJECT_STORE_ACCESS_KEY: z.string().optional(),
  OBJECT_STORE_SECRET_KEY: secret().optional(),
  /** Opens the cameras' sealed URLs. */
  TAKT_SECRET: secret(),
  /** A directory of this ingest alone; what lies in it survives a restart. */
  SPOOL_DIRECTORY: z.string(),
  /** What the spool may hold while the store or Postgres is away. */
  SPOOL_LIMIT: bytes().default(20e9),
  SEGMENT_SECONDS: integer({ min: 1, max: 60 }).default(4),
  /** ffmpeg's patience with a silent socket. */
  CAMERA_TIMEOUT: duration().default(5000),
  /** Longest time without a closed segment. */
  CAMERA_STALL_AFTER: duration().default(20_000),
  /** Upper end of the first wait before a camera is tried again, and the longest one. */
  RECONNECT_FIRST: duration().default(1000),
  RECONNECT_CAP: duration().default(30_000),
})

export type IngestConfig = z.output<typeof ingestEnvironment>
