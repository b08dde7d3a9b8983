import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytes, choice, duration, integer, list, port, secret, secretUrl, url } from '@takt/service'
import { z } from 'zod'
import { isNetwork } from './webhooks/address-guard.ts'

/** The variables of the API; each can also be given as NAME_FILE. */
export const apiEnvironment = z.object({
  API_HOST: z.string().default('0.0.0.0'),
  API_PORT: port().default(8080),
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  DATABASE_CONNECTIONS: integer({ min: 1, max: 200 }).default(10),
  REDIS_URL: secretUrl(['redis:', 'rediss:']),
  REDIS_PREFIX: z.string().default('takt'),
  OBJECT_STORE_URL: url(['file:', 's3:']),
  OBJECT_STORE_ACCESS_KEY: z.string().optional(),
  OBJECT_STORE_SECRET_KEY: secret().optional(),
  /** Seals cameras' URLs in the database; the same as ingest has. */
  TAKT_SECRET: secret(),
  /** Opens everything; for the first keys. Without it only keys in the database are known. */
  TAKT_ADMIN_KEY: secret()
    .refine(key => /^[\x21-\x7e]{16,200}$/.test(key.reveal()), 'not 16 to 200 printable characters without blanks')
    .optional(),
  /** Where the recorder finds the segmenter, as `host:port`. Without it nothing is recorded here. */
  SEGMENTER_ADDRESS: z.string().optional(),
  /** Requests a minute from one address. */
  RATE_LIMIT: integer({ min: 1 }).default(6000),
  /** Largest request body. */
  BODY_LIMIT: bytes().default(4 * 2 ** 20),
  /** Whether addresses are taken from `X-Forwarded-For`: only behind a proxy that sets it. */
  TRUST_PROXY: choice(['no', 'yes']).default('no'),
  /** How far the clock of a source of events may be off. */
  EVENT_CLOCK_SKEW: duration().default(60_000),
  /** How late an event may be told. */
  EVENT_LATENESS: duration().default(7 * 86_400_000),
  /** Networks that webhooks may be sent to; by default the private ones. Link-local addresses never are. */
  WEBHOOK_NETWORKS: list()
    .refine(networks => networks.every(isNetwork), 'not networks such as 10.0.0.0/8,fc00::/7')
    .default(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
  /** A webhook that has failed for so long is disabled. */
  WEBHOOK_GIVE_UP: duration().default(5 * 86_400_000),
  VIDEO_CACHE_DIR: z.string().default(join(tmpdir(), 'takt-video')),
  VIDEO_CACHE_SIZE: bytes().default(2 * 2 ** 30),
})

export type ApiConfig = z.output<typeof apiEnvironment>
