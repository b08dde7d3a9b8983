import { createHash } from 'node:crypto'

/**
 * A UUID that follows from what it names (RFC 9562 version 5): writing the same thing twice gives the same id.
 * The namespace is a UUID as well: a run, for what the run makes.
 */
export function namedId(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest()
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}
