import { bytes, choice, duration, integer, secret, secretUrl, url } from '@takt/service'
import { z } from 'zod'

export const environment = z.object({
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  REDIS_URL: secretUrl(['redis:', 'rediss:']),
  OBJECT_STORE_URL: url(['file:', 's3:']),
  OBJECT_STORE_ACCESS_KEY: z.string().optional(),
  OBJECT_STORE_SECRET_KEY: secret().optional(),
  /** Where the encoder runs. */
  PROVIDER: choice(['cpu', 'cuda', 'webgpu']).default('cpu'),
  /** Threads of one inference. */
  RUNTIME_THREADS: integer({ min: 1, max: 64 }).default(1),
  /** Threads of training, which gives way to all other work. */
  TRAIN_THREADS: integer({ min: 1, max: 256 }).default(1),
  /** Of training: one half for decoded video, one for its state; what a step computes comes on top. */
  TRAIN_MEMORY: bytes().default(2 ** 30),
  /** As much of training is lost at most when a worker is killed. */
  TRAIN_CHECKPOINT_INTERVAL: duration().default(60_000),
  /** Segments embedded at a time; each is decoded by one ffmpeg. */
  EMBED_CONCURRENCY: integer({ min: 1, max: 64 }).default(2),
  /** Pending embeddings are put back on the queue this often: what Redis lost comes back. */
  SWEEP_INTERVAL: duration().default(10_000),
  /** How long a pending embedding may wait before the sweep takes it for lost by Redis. */
  SWEEP_AFTER: duration().default(10_000),
  /** Video that a view's drift is measured on at a time: it should hold several cycles. */
  DRIFT_WINDOW: duration()
    .refine(ms => ms >= 10_000, 'is shorter than 10s: it would hold two or three segments')
    .default(60_000),
  JOB_LOCK: duration().default(30_000),
  JOB_STALLED_INTERVAL: duration().default(15_000),
})
