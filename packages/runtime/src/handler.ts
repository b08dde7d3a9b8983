import type { Replies, Request } from './protocol.ts'

/** The child's side of a request; what it throws becomes the reply's message. */
export type Handler<K extends Request['kind']> = (
  request: Extract<Request, { kind: K }>,
  payloads: readonly Uint8Array[],
) => Promise<Answer<K>>

export type Handlers<K extends Request['kind'] = Request['kind']> = { readonly [P in K]: Handler<P> }

export interface Answer<K extends Request['kind'] = Request['kind']> {
  readonly value: Replies[K]
  readonly payloads?: readonly Uint8Array[]
}
