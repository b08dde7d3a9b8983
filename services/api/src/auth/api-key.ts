import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A key is `takt_<prefix>_<secret>`: 8 hex digits to find it by, and 256 random bits. Only its SHA-256 is kept. */
export interface MintedKey {
  readonly key: string
  readonly prefix: string
  readonly hash: Uint8Array<ArrayBuffer>
}

const keyPattern = /^takt_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/

export const mintKey = (): MintedKey => {
  const prefix = randomBytes(4).toString('hex')
  const key = `takt_${prefix}_${randomBytes(32).toString('base64url')}`
  return { key, prefix, hash: hashKey(key) }
}

/** A fast hash is enough: nobody guesses 256 random bits. */
export const hashKey = (key: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash('sha256').update(key).digest())

/** In a time that does not depend on where they differ. */
export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** The prefix of what has a key's form, else `null`. */
export const prefixOf = (key: string): string | null => keyPattern.exec(key)?.[1] ?? null
