import { setImmediate } from 'node:timers/promises'
import type { BlobStore } from '@takt/blobs'
import {
  type Database,
  type DriftingView,
  type DriftSegment,
  driftingViews,
  recordDrift,
  referenceSegments,
  viewSegments,
} from '@takt/db'
import type { UtcMs } from '@takt/domain'
import { measureDrift, type Reference, referenceOf, type WindowLook, windowOf } from '@takt/drift'
import { parseEncoderSpec } from '@takt/nn'
import { lookAtSegment } from './look-at-segment.ts'
import { isCovered, newestWindow, referenceWindows } from './windows.ts'

/** A reference has so many windows: it is made once there is as much video. */
const windowsOfReference = 8
/** References kept in memory, of the views measured last; 5 MB each at 4 × 4 × 192 and windows of a minute. */
const mostReferences = 64
/** Video is embedded so long after it happened, as a rule; what comes later is missing in its window, ms. */
const settleMs = 30_000

export interface DriftContext {
  readonly db: Database
  readonly blobs: BlobStore
  readonly windowMs: number
  /** Told of a view whose drift could not be measured; the others are. */
  readonly onFailed: (failed: { readonly view: string; readonly error: unknown }) => void
}

/** Measures how far views have drifted. */
export interface DriftMeter {
  /**
   * Measures the newest window that is over, of every view that a release times; returns how many were new. Windows
   * lie on a grid of UTC: several workers write the same rows once. What no worker was there to measure stays out.
   */
  readonly measure: (nowMs: UtcMs, signal: AbortSignal) => Promise<number>
}

interface KeptReference {
  /** Null where there is too little video to make one of. */
  readonly reference: Reference | null
  readonly endMs: UtcMs
}

export function createDriftMeter(context: DriftContext): DriftMeter {
  const kept = new Map<string, KeptReference>()
  const referenceFor = async (view: DriftingView): Promise<KeptReference> => {
    const key = `${view.view}/${view.release}`
    const there = kept.get(key) ?? (await makeReference(context, view))
    kept.delete(key)
    if (there.reference) kept.set(key, there)
    for (const oldest of kept.keys()) if (kept.size > mostReferences) kept.delete(oldest)
    return there
  }
  return {
    measure: async (nowMs, signal) => {
      const startMs = newestWindow(nowMs, { windowMs: context.windowMs, settleMs })
      let measured = 0
      for (const view of await driftingViews(context.db, new Date(nowMs))) {
        signal.throwIfAborted()
        if (view.effectiveAtMs > startMs || (view.measuredMs ?? 0) >= startMs) continue
        try {
          if (await measureView(context, view, { startMs, referenceFor })) measured++
        } catch (error) {
          context.onFailed({ view: view.view, error })
        }
      }
      return measured
    },
  }
}

async function measureView(
  context: DriftContext,
  view: DriftingView,
  at: { readonly startMs: UtcMs; readonly referenceFor: (view: DriftingView) => Promise<KeptReference> },
): Promise<boolean> {
  const { startMs } = at
  const endMs = startMs + context.windowMs
  const segments = await viewSegments(context.db, { ...view, fromMs: startMs, toMs: endMs })
  if (!isCovered(segments, context.windowMs)) return false
  const { reference, endMs: referenceEndMs } = await at.referenceFor(view)
  // What the reference is made of has not drifted from it.
  if (!reference || referenceEndMs > startMs) return false
  const drift = measureDrift(reference, await lookAt(context, view, segments))
  const { score, kind, places, background } = drift
  const { view: id, release } = view
  const viewRevision = segments[0]!.viewRevision
  return recordDrift(context.db, {
    ...{ view: id, release, viewRevision, startMs, endMs, score, kind },
    evidence: { places, background },
  })
}

async function makeReference(context: DriftContext, view: DriftingView): Promise<KeptReference> {
  const { windowMs } = context
  // A window ends with a whole segment: one more than is needed is enough for all.
  const enoughMs = (windowsOfReference + 1) * windowMs
  const segments = await referenceSegments(context.db, { ...view, enoughMs })
  const windows = referenceWindows(segments, { windowMs, most: windowsOfReference })
  const endMs = segments.at(-1)?.endUtcMs ?? 0
  if (windows.length < windowsOfReference) return { reference: null, endMs }
  const looks: WindowLook[] = []
  for (const window of windows) looks.push(await lookAt(context, view, window))
  return { reference: await referenceOf(looks, parseEncoderSpec(view.spec).grid, setImmediate), endMs }
}

async function lookAt(
  { blobs }: DriftContext,
  view: DriftingView,
  segments: readonly DriftSegment[],
): Promise<WindowLook> {
  const { grid, dim } = parseEncoderSpec(view.spec)
  const width = grid * grid * dim
  return windowOf(await Promise.all(segments.map(segment => lookAtSegment(blobs, segment, { width }))), grid)
}
