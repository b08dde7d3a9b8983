/** How a capture came to its end; none of them is an exception, and the caller decides whether to try again. */
export type CaptureKind = 'ended' | 'stalled' | 'refused' | 'unreachable' | 'wrong-codec' | 'aborted' | 'failed'

export type CaptureOutcome = {
  readonly kind: CaptureKind
  /** A stable word for metrics and states, such as `unauthorized`; of low cardinality. */
  readonly reason: string
  /** The last lines of ffmpeg's own account, free of credentials. */
  readonly detail: string
  /** Segments that were announced. */
  readonly segments: number
  readonly exitCode: number | null
}

type Verdict = Pick<CaptureOutcome, 'kind' | 'reason'>

/** What ffmpeg's error text means, most specific first. */
const VERDICTS: readonly (Verdict & { readonly pattern: RegExp })[] = [
  { pattern: /401 Unauthorized/i, kind: 'refused', reason: 'unauthorized' },
  { pattern: /403 Forbidden/i, kind: 'refused', reason: 'forbidden' },
  { pattern: /404 (Stream )?Not Found/i, kind: 'refused', reason: 'not-found' },
  { pattern: /Connection refused/i, kind: 'refused', reason: 'connection-refused' },
  { pattern: /453 Not Enough Bandwidth|503 Service Unavailable/i, kind: 'refused', reason: 'busy' },
  { pattern: /461 Unsupported Transport|Nonmatching transport/i, kind: 'refused', reason: 'transport' },
  { pattern: /Connection timed out|Operation timed out/i, kind: 'unreachable', reason: 'timeout' },
  { pattern: /No route to host|Network is unreachable/i, kind: 'unreachable', reason: 'no-route' },
  { pattern: /Failed to resolve|Name or service not known/i, kind: 'unreachable', reason: 'unknown-host' },
  { pattern: /matches no streams|does not contain any stream/i, kind: 'wrong-codec', reason: 'no-video' },
  { pattern: /Could not find tag for codec|codec not currently supported/i, kind: 'wrong-codec', reason: 'not-mp4' },
  { pattern: /No space left on device/i, kind: 'failed', reason: 'disk-full' },
  // All that ffmpeg says of a host that connects and then keeps silent, or does not speak RTSP.
  { pattern: /Impossible to open 'rtsp/i, kind: 'unreachable', reason: 'no-answer' },
]

/**
 * Names the end of an ffmpeg child that nobody asked to end, from its exit code and its error lines.
 *
 * Once a segment has come, the camera was reached and allowed: whatever ffmpeg then says is a drop-out, save for a
 * fault on this side. Exit code 0 is a drop-out too: ffmpeg ends so when a camera falls silent.
 */
export function classifyExit(exitCode: number | null, errorLines: readonly string[], segments: number): Verdict {
  const text = errorLines.join('\n')
  const verdict = VERDICTS.find(({ pattern }) => pattern.test(text))
  if (verdict && (segments === 0 || verdict.kind === 'failed')) return { kind: verdict.kind, reason: verdict.reason }
  if (segments > 0 || exitCode === 0) return { kind: 'ended', reason: verdict?.reason ?? 'closed' }
  return { kind: 'failed', reason: 'ffmpeg' }
}
