import type { Box } from './boxes.ts'
import { videoError } from './errors.ts'

/** Reads a box's big-endian fields in order; reading past the box's end is `segment-malformed`. */
export class BoxFields {
  readonly #view: DataView
  readonly #box: Box
  #at: number

  constructor(bytes: Uint8Array, box: Box) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#box = box
    this.#at = box.bodyStart
  }

  get remaining(): number {
    return this.#box.end - this.#at
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2))
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4))
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4))
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8))
  }

  /** A full box's leading version byte and 24-bit flags. */
  versionAndFlags(): { readonly version: number; readonly flags: number } {
    const word = this.uint32()
    return { version: word >>> 24, flags: word & 0xffffff }
  }

  skip(bytes: number): void {
    this.#take(bytes)
  }

  malformed(reason: string) {
    return videoError('segment-malformed', { box: this.#box.type, at: this.#box.start, reason })
  }

  #take(bytes: number): number {
    if (bytes > this.remaining) throw this.malformed(`${this.remaining} bytes are left where ${bytes} are read`)
    const at = this.#at
    this.#at += bytes
    return at
  }
}
