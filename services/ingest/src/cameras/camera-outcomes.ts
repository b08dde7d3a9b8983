import type { CameraState, LossReason } from '@takt/domain'
import type { CaptureKind, CaptureOutcome } from '@takt/video'

/** What an end of a capture means for the camera: the state people see, and why video is missing until it is back. */
export interface CameraVerdict {
  readonly state: CameraState
  readonly loss: LossReason
}

/** The verdict on each kind of end but `aborted`, which is ingest's own doing. */
const verdicts: Readonly<Record<Exclude<CaptureKind, 'aborted'>, CameraVerdict>> = {
  ended: { state: 'starting', loss: 'disconnected' },
  stalled: { state: 'stalled', loss: 'stalled' },
  refused: { state: 'refused', loss: 'refused' },
  unreachable: { state: 'unreachable', loss: 'unreachable' },
  'wrong-codec': { state: 'wrong-codec', loss: 'wrong-codec' },
  failed: { state: 'failed', loss: 'failed' },
}

/** Reasons that say more than their kind does. */
const verdictsByReason: Readonly<Record<string, CameraVerdict>> = {
  'disk-full': { state: 'spool-full', loss: 'spool-full' },
  ENOSPC: { state: 'spool-full', loss: 'spool-full' },
}

/** A camera that stays connected and shows nothing more is a silent one, whichever side ends it. */
const silent: CameraVerdict = verdicts.stalled

/** The verdict on a capture that ended by itself; `null` for one that was aborted. */
export function judgeOutcome({
  kind,
  reason,
  segments,
}: Pick<CaptureOutcome, 'kind' | 'reason' | 'segments'>): CameraVerdict | null {
  if (kind === 'aborted') return null
  if (kind === 'ended' && (segments === 0 || reason === 'timeout')) return silent
  return verdictsByReason[reason] ?? verdicts[kind]
}

/** The verdict on a capture that could not run at all, and the word for it: an error's code. */
export function judgeError(error: unknown): { readonly verdict: CameraVerdict; readonly reason: string } {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected'
  return { verdict: verdictsByReason[reason] ?? verdicts.failed, reason }
}
