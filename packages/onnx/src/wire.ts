/** An encoded piece of a protobuf message: chunks to concatenate, never copied while messages nest. */
export interface Wire {
  readonly chunks: readonly Uint8Array[]
  readonly length: number
}

const VARINT = 0
const DELIMITED = 2
const FIXED32 = 5

const utf8 = new TextEncoder()

export function int(field: number, value: number): Wire {
  return join(tag(field, VARINT), varint(value))
}

/** A float of 32 bits. */
export function float(field: number, value: number): Wire {
  return join(tag(field, FIXED32), piece(new Uint8Array(Float32Array.of(value).buffer)))
}

export function string(field: number, value: string): Wire {
  return bytes(field, utf8.encode(value))
}

export function bytes(field: number, value: Uint8Array): Wire {
  return join(tag(field, DELIMITED), varint(value.length), piece(value))
}

export function message(field: number, ...parts: readonly Wire[]): Wire {
  const body = join(...parts)
  return join(tag(field, DELIMITED), varint(body.length), body)
}

export function join(...parts: readonly Wire[]): Wire {
  return {
    chunks: parts.flatMap(part => part.chunks),
    length: parts.reduce((length, part) => length + part.length, 0),
  }
}

export function toBytes({ chunks, length }: Wire): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

function tag(field: number, wireType: number): Wire {
  return varint(field * 8 + wireType)
}

/** Seven bits a byte, least significant first; negative numbers as two's complement of 64 bits. */
function varint(value: number): Wire {
  const encoded: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 0x7fn) {
    encoded.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  encoded.push(Number(rest))
  return piece(Uint8Array.from(encoded))
}

function piece(chunk: Uint8Array): Wire {
  return { chunks: [chunk], length: chunk.length }
}
