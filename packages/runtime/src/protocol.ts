import type { RuntimeError } from './errors.ts'
import type { Placement, Provider } from './provider.ts'
import type { TensorSlot } from './tensor.ts'

/**
 * What goes over the two pipes of a child, one request at a time and one reply each.
 * Model bytes and tensors travel beside the message as raw payloads, in the order of its slots.
 */
export type Request =
  | { readonly kind: 'load'; readonly session: number }
  | { readonly kind: 'run'; readonly session: number; readonly inputs: readonly TensorSlot[] }
  | { readonly kind: 'unload'; readonly session: number }
  | { readonly kind: 'usage' }
  /** The profile is written into a folder that is there and empty. */
  | { readonly kind: 'openTraining'; readonly profileFolder: string }
  | { readonly kind: 'setState'; readonly state: readonly TensorSlot[] }
  | { readonly kind: 'copyState' }
  | { readonly kind: 'advance'; readonly inputs: readonly TensorSlot[] }

export interface Replies {
  readonly load: Signature
  readonly run: { readonly outputs: readonly TensorSlot[] }
  readonly unload: object
  readonly usage: object
  readonly openTraining: Signature
  readonly setState: object
  readonly copyState: { readonly state: readonly TensorSlot[] } | { readonly notFinite: NotFinite }
  readonly advance: Advance
}

/** What a model takes and gives. */
export interface Signature {
  readonly inputs: readonly TensorSlot[]
  readonly outputs: readonly TensorSlot[]
}

/** The first value that is not finite, by tensor and index in row-major order. */
export interface NotFinite {
  readonly name: string
  readonly element: number
}

/** One call of a training model. */
export interface Advance {
  readonly collected: readonly TensorSlot[]
  /** Of what was brought and collected, if any; the state is then the one before the call. */
  readonly notFinite?: NotFinite
  /** What ran where; of the first call only, because a profile costs time. */
  readonly placements?: readonly Placement[]
  readonly runMs: number
  /** Memory of the child after the call. */
  readonly residentBytes: number
}

/** `cpuSeconds` is what the child has used so far, user and system, all threads. */
export type Reply<K extends keyof Replies = keyof Replies> = { readonly cpuSeconds: number } & (
  | { readonly ok: true; readonly value: Replies[K] }
  | { readonly ok: false; readonly message: string }
)

/** How a child is started; passed as its only argument. */
export interface ChildOptions {
  readonly provider: Provider
  readonly threads: number
  /** From 0 to 19: how far the child gives way to others on the processor. */
  readonly niceness?: number
}

/** File descriptors in the child. */
export const REQUESTS = 3
export const REPLIES = 4

/** What a reply brings; throws what `failure` makes of the child's message. */
export function valueIn<K extends keyof Replies>(reply: Reply, failure: (reason: string) => RuntimeError): Replies[K] {
  if (!reply.ok) throw failure(reply.message)
  return reply.value as Replies[K]
}
