import { defineErrors } from '@takt/service/errors'

/** The errors of this package. */
export const blobError = defineErrors({
  'blob-key-refused': {
    message: (v: { key: string; reason: string }) => `object key ${JSON.stringify(v.key)} is refused: ${v.reason}`,
    retryable: false,
  },
  'blob-not-found': {
    message: (v: { key: string }) => `there is no object ${v.key}`,
    retryable: false,
    status: 404,
  },
  'blob-range-unsatisfiable': {
    message: (v: { key: string; start: number; size: number }) =>
      `object ${v.key} has ${v.size} bytes, none at ${v.start}`,
    retryable: false,
    status: 416,
  },
  'blob-too-large': {
    message: (v: { key: string; size: number; limit: number }) =>
      `object ${v.key} has ${v.size} bytes, more than the ${v.limit} of one upload`,
    retryable: false,
  },
  'blob-source-failed': {
    message: (v: { key: string }) => `what was to be stored as ${v.key} could not be read`,
    retryable: false,
  },
  'blob-store-url-invalid': {
    message: (v: { reason: string }) => `the object store's URL cannot be used: ${v.reason}`,
    retryable: false,
  },
  'blob-store-unreachable': {
    message: (v: { store: string; reason: string }) => `object store ${v.store} does not answer: ${v.reason}`,
    retryable: true,
  },
  'blob-store-busy': {
    message: (v: { store: string; reason: string }) => `object store ${v.store} cannot do it now: ${v.reason}`,
    retryable: true,
  },
  'blob-store-full': {
    message: (v: { store: string; reason: string }) => `object store ${v.store} has no room: ${v.reason}`,
    retryable: true,
  },
  'blob-store-denied': {
    message: (v: { store: string; reason: string }) => `object store ${v.store} refuses these credentials: ${v.reason}`,
    retryable: false,
  },
  'blob-bucket-missing': {
    message: (v: { store: string }) => `object store ${v.store} has no such bucket or directory`,
    retryable: false,
  },
  'blob-store-failed': {
    message: (v: { store: string; reason: string }) => `object store ${v.store} failed: ${v.reason}`,
    retryable: false,
  },
})
