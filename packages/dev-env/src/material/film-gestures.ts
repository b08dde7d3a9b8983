import { clipFramesPerSecond, type Gesture } from './gestures.ts'
import { decodePictures } from './raw-video.ts'
import type { FilmedGesture } from './station-pictures.ts'
import { type Plane, planes } from './yuv-picture.ts'

// Right of this column the clips differ in what happens to stand there (a chair, a colleague), which would give the gesture away.
const steadyFromColumn = 480

/** Decodes each gesture's clip; the right edge of all shows that of the first clip's first picture. */
export const filmGestures = async (
  gestures: readonly Gesture[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, FilmedGesture>> => {
  const filmed = new Map<string, FilmedGesture>()
  for (const gesture of gestures) {
    const pictures = await decodePictures(gesture.file, { framesPerSecond: clipFramesPerSecond, signal })
    filmed.set(gesture.name, { ...gesture, pictures })
  }
  const reference = Uint8Array.from(filmed.values().next().value!.pictures[0]!)
  for (const { pictures } of filmed.values()) for (const picture of pictures) steadyEdge(picture, reference)
  return filmed
}

const steadyEdge = (picture: Uint8Array, reference: Uint8Array): void => {
  for (const plane of [planes.y, planes.u, planes.v] as readonly Plane[])
    for (let row = 0; row < plane.height; row++) {
      const start = plane.offset + row * plane.width
      const from = start + steadyFromColumn / plane.step
      picture.set(reference.subarray(from, start + plane.width), from)
    }
}
