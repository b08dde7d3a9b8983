import type { Database } from '@takt/db'
import type { Secret } from '@takt/service'
import { apiError } from '../errors.ts'
import { hashKey, prefixOf, sameHash } from './api-key.ts'
import { isScope, type Scope } from './scopes.ts'

/** Who calls: a key of the database, or the one of the configuration. */
export interface Caller {
  /** The key's id, or `bootstrap`. */
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
}

export interface Callers {
  /** Throws `unauthenticated`. */
  readonly find: (authorization: string | undefined) => Promise<Caller>
  /** Makes a revocation take effect at once here; other replicas follow within `rememberMs`. */
  readonly forget: () => void
}

interface Remembered {
  readonly until: number
  readonly key: { readonly caller: Caller; readonly hash: Uint8Array; readonly expiresAt: Date | null } | null
}

const mostRemembered = 1000

/** Looks keys up by prefix and remembers them for a few seconds, so that a busy reader costs no query a request. */
export function createCallers(options: {
  readonly db: Database
  readonly adminKey: Secret | undefined
  readonly now: () => Date
  readonly rememberMs?: number
}): Callers {
  const { db, now, rememberMs = 5000 } = options
  const adminHash = options.adminKey && hashKey(options.adminKey.reveal())
  const remembered = new Map<string, Remembered>()

  const lookUp = async (prefix: string): Promise<Remembered['key']> => {
    const known = remembered.get(prefix)
    if (known && known.until > now().getTime()) return known.key
    const row = await db.prisma.apiKey.findUnique({ where: { prefix } })
    const key =
      row && row.revokedAt === null
        ? {
            caller: { id: row.id, name: row.name, scopes: row.scopes.filter(isScope) },
            hash: row.hash,
            expiresAt: row.expiresAt,
          }
        : null
    if (remembered.size >= mostRemembered) remembered.clear()
    remembered.set(prefix, { until: now().getTime() + rememberMs, key })
    return key
  }

  return {
    forget: () => remembered.clear(),
    find: async authorization => {
      const text = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization ?? '')?.[1]
      if (!text)
        throw apiError('unauthenticated', {
          why: authorization ? 'the header is not Bearer and a key' : 'none was given',
        })
      const hash = hashKey(text)
      if (adminHash && sameHash(hash, adminHash)) return { id: 'bootstrap', name: 'bootstrap', scopes: ['admin'] }
      const prefix = prefixOf(text)
      const key = prefix === null ? null : await lookUp(prefix)
      if (!key || !sameHash(hash, key.hash)) throw apiError('unauthenticated', { why: 'the key is not known' })
      if (key.expiresAt && key.expiresAt <= now()) throw apiError('unauthenticated', { why: 'the key has expired' })
      return key.caller
    },
  }
}
