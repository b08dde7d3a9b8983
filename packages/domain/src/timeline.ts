import { stepMs, type UtcMs } from './grid.ts'
import type { SegmentId, SessionId, ViewId } from './identifiers.ts'
import type { Range } from './range.ts'
import type { ClockSource } from './segment.ts'

/** The slot of a station's timeline that contains an instant; slot n covers UTC `[n·250 ms, (n+1)·250 ms)`. */
export const slotOf = (utcMs: UtcMs): number => Math.floor(utcMs / stepMs)
/** The slot whose beginning is nearest: that of a boundary, which lies up to half a slot beside it. */
export const nearestSlot = (utcMs: UtcMs): number => Math.round(utcMs / stepMs)
export const slotStartMs = (slot: number): UtcMs => slot * stepMs

/** An embedded segment of one view. Its step `m` (of the session) covers media time `[m/4, (m+1)/4)` s. */
export interface EmbeddedSpan extends Range {
  readonly view: ViewId
  /** Which clock placed the segment; `untrusted` media times are never shown. */
  readonly clock: ClockSource
  readonly session: SessionId
  readonly segment: SegmentId
  readonly firstStep: number
  readonly stepCount: number
  readonly mediaStartSeconds: number
  readonly durationSeconds: number
}

/** One view of a station as it is resampled. */
export interface TimelineView {
  readonly view: ViewId
  /** Added to the camera's UTC: how far this view runs behind the station's other views. */
  readonly offsetMs: number
  readonly spans: readonly EmbeddedSpan[]
  /** Lost and late time in the camera's UTC: nothing is shown there, even where an embedding has come since. */
  readonly gaps: readonly Range[]
}

/** What a view shows in a slot: the step of an embedding. */
export interface ViewPosition {
  readonly view: ViewId
  readonly segment: SegmentId
  readonly session: SessionId
  readonly stepIndexInSegment: number
  /** Media time of the session at the slot's start; `null` where it is not trusted. */
  readonly mediaSeconds: number | null
}

/** One slot of a station's timeline: the views that see it, or nothing. */
export type TimelineSlot =
  | { readonly slot: number; readonly views: readonly ViewPosition[]; readonly missing?: never }
  | { readonly slot: number; readonly missing: true; readonly views?: never }

/**
 * Two neighbouring steps further apart than this have a gap between them. Less is a seam: where sessions touch, the
 * grids of both leave out less than a step each, and placing stretches a step by 5 %.
 */
const largestSeamMs = 2.2 * stepMs

/** The first slot that what lies beyond a watermark can still change: lay a timeline up to here. */
export const settledThroughSlot = (watermarkMs: UtcMs): number => slotOf(watermarkMs - largestSeamMs)

/**
 * Resamples a station's views to the absolute slots `[fromSlot, toSlot)`. Laid in pieces or at once it is the same,
 * when each piece is given the spans and gaps within three slots around it.
 */
export function layTimeline(request: {
  readonly views: readonly TimelineView[]
  readonly fromSlot: number
  readonly toSlot: number
}): readonly TimelineSlot[] {
  const tracks = request.views.map(view => layView(view, request.fromSlot, request.toSlot))
  return Array.from({ length: Math.max(0, request.toSlot - request.fromSlot) }, (_, i) => {
    const slot = request.fromSlot + i
    const views = tracks.flatMap(track => track[i] ?? [])
    return views.length ? { slot, views } : { slot, missing: true }
  })
}

interface SourceStep {
  readonly span: EmbeddedSpan
  readonly index: number
  /** Where the step starts in the station's time. */
  readonly utcMs: UtcMs
}

/**
 * For each slot the nearest step. A slot between two close steps always gets one, even where the camera's
 * clock is slewed and its steps are more than a slot apart; beyond the edge of a gap a step reaches half a slot.
 */
function layView(view: TimelineView, fromSlot: number, toSlot: number): readonly (ViewPosition | undefined)[] {
  const steps = stepsOf(view, slotStartMs(fromSlot) - largestSeamMs, slotStartMs(toSlot) + largestSeamMs)
  let next = 0
  return Array.from({ length: Math.max(0, toSlot - fromSlot) }, (_, i) => {
    const startMs = slotStartMs(fromSlot + i)
    while (next < steps.length && steps[next]!.utcMs < startMs) next++
    const step = stepAt(startMs, steps[next - 1], steps[next])
    if (!step || isGap(view, startMs + stepMs / 2 - view.offsetMs)) return undefined
    return positionAt(step, startMs - view.offsetMs)
  })
}

const isGap = (view: TimelineView, cameraMs: UtcMs): boolean =>
  view.gaps.some(gap => cameraMs >= gap.startUtcMs && cameraMs < gap.endUtcMs)

/** The nearer of the steps before and after an instant: any within a seam, else half a slot away at most. */
function stepAt(atMs: UtcMs, before: SourceStep | undefined, after: SourceStep | undefined): SourceStep | undefined {
  const toBefore = before ? atMs - before.utcMs : Number.POSITIVE_INFINITY
  const toAfter = after ? after.utcMs - atMs : Number.POSITIVE_INFINITY
  const [step, distanceMs] = toBefore <= toAfter ? [before, toBefore] : [after, toAfter]
  const inSeam = toBefore + toAfter <= largestSeamMs
  return inSeam || distanceMs <= stepMs / 2 ? step : undefined
}

function stepsOf(view: TimelineView, fromMs: UtcMs, toMs: UtcMs): readonly SourceStep[] {
  const steps: SourceStep[] = []
  for (const span of view.spans) {
    if (span.endUtcMs + view.offsetMs < fromMs || span.startUtcMs + view.offsetMs > toMs) continue
    const rate = (span.endUtcMs - span.startUtcMs) / span.durationSeconds
    for (let index = 0; index < span.stepCount; index++) {
      const media = ((span.firstStep + index) * stepMs) / 1000
      const cameraMs = span.startUtcMs + (media - span.mediaStartSeconds) * rate
      if (isGap(view, cameraMs)) continue
      steps.push({ span, index, utcMs: cameraMs + view.offsetMs })
    }
  }
  return steps.sort((a, b) => a.utcMs - b.utcMs)
}

function positionAt(step: SourceStep, cameraMs: UtcMs): ViewPosition {
  const { span } = step
  const rate = span.durationSeconds / (span.endUtcMs - span.startUtcMs)
  return {
    view: span.view,
    segment: span.segment,
    session: span.session,
    stepIndexInSegment: step.index,
    mediaSeconds: span.clock === 'untrusted' ? null : span.mediaStartSeconds + (cameraMs - span.startUtcMs) * rate,
  }
}
