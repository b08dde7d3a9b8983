import type { CameraView } from './camera-view.ts'
import { pictureDeveloper } from './develop-picture.ts'
import type { Gesture } from './gestures.ts'
import { lightAt } from './plan-light.ts'
import { framesPerSecond, type GestureSpan, type Nudge, type RestSpan, type StationPlan } from './plan-station.ts'
import { mixPictures, pictureBytes } from './yuv-picture.ts'

/** A gesture with its decoded pictures. */
export interface FilmedGesture extends Gesture {
  readonly pictures: readonly Uint8Array[]
}

/** The picture passes from one clip to the next within this many frames. */
const passingFrames = 10

/** The pictures of a plan as one camera records them, in order. */
export function* stationPictures(
  plan: StationPlan,
  filmed: ReadonlyMap<string, FilmedGesture>,
  view: CameraView,
): Generator<Uint8ClampedArray> {
  const develop = pictureDeveloper(view, plan.seed)
  const mixed = new Uint8Array(pictureBytes)
  for (const span of plan.spans)
    for (let frame = span.startFrame; frame < span.endFrame; frame++) {
      const light = lightAt(plan.light, frame / framesPerSecond)
      if (span.kind === 'gesture') {
        yield develop(gesturePicture(span, frame, filmed), { nudge: plan.nudges[span.cycle]!, light })
        continue
      }
      const passed = passedShare(span, frame)
      yield develop(restPicture(span, frame, passed, filmed, mixed), { nudge: restNudge(plan, span, passed), light })
    }
}

const gesturePicture = (span: GestureSpan, frame: number, filmed: ReadonlyMap<string, FilmedGesture>): Uint8Array => {
  const { startFrame, endFrame, pictures } = filmed.get(span.gesture)!
  const share = (frame - span.startFrame) / (span.endFrame - span.startFrame)
  return pictures[Math.min(pictures.length - 1, startFrame + Math.floor(share * (endFrame - startFrame)))]!
}

/** The last clip runs out and its last picture is held; the next clip's first is held until its lead-in runs. */
const restPicture = (
  span: RestSpan,
  frame: number,
  passed: number,
  filmed: ReadonlyMap<string, FilmedGesture>,
  mixed: Uint8Array,
): Uint8Array => {
  const from = filmed.get(span.from)!
  const to = filmed.get(span.to)!
  const before = from.pictures[Math.min(from.pictures.length - 1, from.endFrame + frame - span.startFrame)]!
  const after = to.pictures[Math.max(0, to.startFrame - (span.endFrame - frame))]!
  if (passed === 0) return before
  if (passed === 1) return after
  mixPictures(before, after, passed, mixed)
  return mixed
}

/** From 0 (still the last clip) to 1 (already the next), around the middle of the rest; a video opens with the next. */
const passedShare = ({ startFrame, endFrame }: RestSpan, frame: number): number => {
  if (startFrame === 0) return 1
  const width = Math.min(passingFrames, endFrame - startFrame)
  const share = (frame + 0.5 - (startFrame + endFrame) / 2) / width + 0.5
  return Math.min(1, Math.max(0, share))
}

const restNudge = ({ nudges }: StationPlan, { fromCycle, cycle }: RestSpan, passed: number): Nudge => {
  const from = nudges[fromCycle]!
  const to = nudges[cycle]!
  return {
    dx: from.dx + (to.dx - from.dx) * passed,
    dy: from.dy + (to.dy - from.dy) * passed,
    zoom: from.zoom + (to.zoom - from.zoom) * passed,
  }
}
