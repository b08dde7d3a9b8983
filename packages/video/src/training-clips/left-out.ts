import { VideoError } from '../errors.ts'

/** A segment that cannot be trained on, and why. */
export type LeftOutSegment = { readonly id: string; readonly error: unknown }

/**
 * Whether a fault is the segment's own, which every run meets. Decoding that takes a minute counts as one, though a
 * machine that stands still does the same: a hostile file that never ends must not end every run.
 */
export function isOwnFault(error: unknown): boolean {
  if (error instanceof VideoError && error.code === 'ffmpeg-timeout') return true
  return error instanceof Error && 'retryable' in error && error.retryable === false
}
