import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { dbError } from './errors.ts'

/**
 * Credentials at rest: AES-256-GCM under a key derived from the plant's secret.
 * Layout: version (1 byte) · nonce (12) · tag (16) · ciphertext. `context` is authenticated, so that a sealed value
 * cannot be moved to another row.
 */
export interface Seal {
  readonly seal: (text: string, context: string) => Uint8Array<ArrayBuffer>
  /** Throws `seal-broken` when the value was altered, moved, or sealed with another secret. */
  readonly open: (sealed: Uint8Array, context: string) => string
}

const version = 1
const nonceLength = 12
const tagLength = 16

export function openSeal(secret: string): Seal {
  const key = scryptSync(secret, 'takt sealed values', 32)
  return {
    seal: (text, context) => {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), body]))
    },
    open: (sealed, context) => {
      try {
        if (sealed[0] !== version) throw new RangeError(`version ${sealed[0]}`)
        const nonce = sealed.subarray(1, 1 + nonceLength)
        const tag = sealed.subarray(1 + nonceLength, 1 + nonceLength + tagLength)
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
          .setAAD(Buffer.from(context))
          .setAuthTag(tag)
        const body = sealed.subarray(1 + nonceLength + tagLength)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw dbError('seal-broken', { context }, { cause })
      }
    },
  }
}
