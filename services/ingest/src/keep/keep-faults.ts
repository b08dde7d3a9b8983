import { isTaktError } from '@takt/service'

/**
 * What a failed try means. `again`: the store, Postgres or whatever else is away; the spool holds what waits.
 * `moved`: another ingest has written coverage of this camera. `spoilt`: this very segment can never be stored.
 * `timeless`: it has no place in its session's time. `unknown-camera`: nothing of this camera can be kept.
 */
export type KeepFault = 'again' | 'moved' | 'spoilt' | 'timeless' | 'unknown-camera'

/** Every other error is tried again: whatever an operator can put right must cost no video. */
const faults: Readonly<Record<string, KeepFault>> = {
  'coverage-moved': 'moved',
  'camera-unknown': 'unknown-camera',
  'blob-source-failed': 'spoilt',
  'blob-too-large': 'spoilt',
  'segment-empty': 'timeless',
  'segment-implausible': 'timeless',
  'segment-out-of-order': 'timeless',
}

export const faultOf = (error: unknown): KeepFault => {
  const code =
    error instanceof Error && (isTaktError(error) || error.name === 'DomainError') && 'code' in error ? error.code : ''
  return faults[String(code)] ?? 'again'
}
