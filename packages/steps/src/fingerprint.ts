/**
 * A 64-bit fingerprint as 16 hex digits: FNV-1a in two lanes of 32 bits with different offsets. It tells heads apart
 * and finds damage; it is no defence against an adversary.
 */
export function fingerprint(parts: readonly Uint8Array[]): string {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) {
      a = Math.imul(a ^ part[i]!, 0x01000193)
      b = Math.imul(b ^ part[i]!, 0x01000193) ^ (b >>> 15)
    }
  }
  return [a, b].map(lane => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}

/** The bytes behind a typed array, in place. */
export function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
