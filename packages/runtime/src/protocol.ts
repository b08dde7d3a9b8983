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

export interface Replies {
  readonly load: { readonly inputs: readonly TensorSlot[]; readonly outputs: readonly TensorSlot[] }
  readonly run: { readonly outputs: readonly TensorSlot[] }
  readonly unload: object
  readonly usage: object
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
}

export type Provider = 'cpu' | 'cuda' | 'webgpu'

/** File descriptors in the child. */
export const REQUESTS = 3
export const REPLIES = 4
