import { isTaktError } from '@takt/service/errors'
import { blobError } from './errors.ts'

type Place = { readonly store: string; readonly key: string }
type Row = (place: Place, reason: string, cause: unknown) => Error

const denied: Row = ({ store }, reason, cause) => blobError('blob-store-denied', { store, reason }, { cause })
const busy: Row = ({ store }, reason, cause) => blobError('blob-store-busy', { store, reason }, { cause })
const unreachable: Row = ({ store }, reason, cause) => blobError('blob-store-unreachable', { store, reason }, { cause })
const missing: Row = ({ key }, _, cause) => blobError('blob-not-found', { key }, { cause })

/** What S3's codes and the network's mean here. */
const rows: Readonly<Record<string, Row>> = {
  AccessDenied: denied,
  InvalidAccessKeyId: denied,
  SignatureDoesNotMatch: denied,
  ExpiredToken: denied,
  RequestTimeTooSkewed: denied,
  NoSuchKey: missing,
  NotFound: missing,
  NoSuchBucket: ({ store }, _, cause) => blobError('blob-bucket-missing', { store }, { cause }),
  EntityTooLarge: ({ store }, reason, cause) => blobError('blob-store-failed', { store, reason }, { cause }),
  QuotaExceeded: ({ store }, reason, cause) => blobError('blob-store-full', { store, reason }, { cause }),
  SlowDown: busy,
  InternalError: busy,
  ServiceUnavailable: busy,
  OperationAborted: busy,
  ConditionalRequestConflict: busy,
  RequestTimeout: busy,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  ECONNABORTED: unreachable,
  EPIPE: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
}

/** Names what the S3 server, its client or the network said. Reasons are codes: messages may quote request headers. */
export const translateS3Error = (error: unknown, place: Place): Error => {
  if (isTaktError(error)) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const row = rows[code]
  if (row) return row(place, code, error)
  const message = error instanceof Error ? error.message : String(error)
  // The client turns 5xx answers into plain errors that carry only the status.
  const status = /Retryable HTTP status: (\d+)/.exec(message)?.[1]
  if (status) return busy(place, `HTTP ${status}`, error)
  return blobError('blob-store-failed', { store: place.store, reason: code || message }, { cause: error })
}
