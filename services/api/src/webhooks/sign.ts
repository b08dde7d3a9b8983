import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** A secret as the Standard Webhooks specification writes it: `whsec_` and 32 random bytes in base64. */
export const mintSecret = (): string => `${prefix}${randomBytes(32).toString('base64')}`

/**
 * The value of `webhook-signature` (Standard Webhooks 1.0): a signature `v1,` for each active secret, by HMAC-SHA256 over
 * `id.timestamp.body`. `timestamp` is in whole seconds since 1970.
 */
export const signatures = (
  secrets: readonly string[],
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string =>
  secrets
    .map(secret => createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64')))
    .map(hmac => `v1,${hmac.update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ')
