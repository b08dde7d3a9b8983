import type { UtcMs } from './grid.ts'

/** Random bytes that a version 7 UUID takes. */
export const uuidRandomBytes = 10

/**
 * A version 7 UUID (RFC 9562 §5.7): 48 bits of milliseconds, then randomness, so that ids sort by when they were made.
 * `random` holds `uuidRandomBytes` bytes.
 */
export function uuidV7(nowMs: UtcMs, random: Uint8Array): string {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, Math.floor(nowMs / 2 ** 32))
  view.setUint32(2, Math.floor(nowMs) % 2 ** 32)
  bytes.set(random.subarray(0, uuidRandomBytes), 6)
  bytes[6] = 0x70 | (bytes[6]! & 0x0f) // version
  bytes[8] = 0x80 | (bytes[8]! & 0x3f) // variant
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
