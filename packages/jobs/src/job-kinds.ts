import type { AdaptationId, DiscoveryId, HeadId, SegmentId } from '@takt/domain'
import { z } from 'zod'

/** Ids are UUIDs and pass through Redis as such: short, and without the `:` that BullMQ refuses in job ids. */
const id = <Id extends string>() => z.guid().transform(text => text as Id)

interface JobKindRow<Args> {
  /** Ids only, never payloads: what a job works on is read from Postgres when it runs. */
  readonly args: z.ZodType<Args>
  /** The same work has the same key, so that adding it while it waits changes nothing. */
  readonly key: (args: Args) => string
  /** How often it may start, counting workers that died over it. */
  readonly attempts: number
  /** Waits between attempts, ms: jittered, doubling, capped. */
  readonly backoff: { readonly firstMs: number; readonly capMs: number }
}

const kind = <Args>(row: JobKindRow<Args>): JobKindRow<Args> => row

/** Every kind of job, each with a queue of its own name. A new kind is one row. */
export const jobKinds = {
  /** Embeds one fresh segment: every pending embedding of it. */
  'embed-live': kind({
    args: z.strictObject({ segmentId: id<SegmentId>() }),
    key: args => args.segmentId,
    attempts: 5,
    backoff: { firstMs: 1000, capMs: 30_000 },
  }),
  /** The same for segments that are old or embedded anew; it gives way to `embed-live`. */
  'embed-backfill': kind({
    args: z.strictObject({ segmentId: id<SegmentId>() }),
    key: args => args.segmentId,
    attempts: 5,
    backoff: { firstMs: 5000, capMs: 300_000 },
  }),
  /** Trains what the args' own kind says. */
  train: kind({
    args: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('fit'), headId: id<HeadId>() })]),
    key: args => `${args.kind}-${args.headId}`,
    attempts: 3,
    backoff: { firstMs: 5000, capMs: 60_000 },
  }),
  /** Trains an encoder, for as long as its budget says: behind one of these no head should have to wait. */
  adapt: kind({
    args: z.strictObject({ adaptationId: id<AdaptationId>() }),
    key: args => args.adaptationId,
    attempts: 5,
    backoff: { firstMs: 5000, capMs: 300_000 },
  }),
  /** Looks for cycles and steps in a window of a station's video. */
  discover: kind({
    args: z.strictObject({ discoveryId: id<DiscoveryId>() }),
    key: args => args.discoveryId,
    attempts: 3,
    backoff: { firstMs: 5000, capMs: 60_000 },
  }),
} as const

export type JobKind = keyof typeof jobKinds
export type JobArgs = { readonly [Kind in JobKind]: z.output<(typeof jobKinds)[Kind]['args']> }
/** A kind with its args. */
export type Job = { readonly [Kind in JobKind]: { readonly kind: Kind; readonly args: JobArgs[Kind] } }[JobKind]

export const jobKindNames = Object.keys(jobKinds) as readonly JobKind[]

/** The row of a kind, with its args' type. */
export const jobKindRow = <Kind extends JobKind>(name: Kind) => jobKinds[name] as unknown as JobKindRow<JobArgs[Kind]>

/** Deterministic from kind and args. */
export const jobId = <Kind extends JobKind>(name: Kind, args: JobArgs[Kind]): string =>
  `${name}-${jobKindRow(name).key(args)}`

/** How BullMQ keeps a job: finished ones go at once, since a kept job would block adding the same one again. */
export const jobOptions = (name: JobKind) => ({
  attempts: jobKinds[name].attempts,
  backoff: { type: 'custom' },
  removeOnComplete: true,
  removeOnFail: true,
})
