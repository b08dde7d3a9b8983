import type { Crop } from './augmentation.ts'
import { type Random, uniform } from './draw-colours.ts'

/** Centre and half of the size, in a frame from −1 to 1. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Tries for a crop that fits before the whole frame is taken: torchvision's. */
const TRIES = 10

/** A random box: area and aspect first, then where it fits. */
export function drawCrop({ area, aspect: [narrow, wide] }: Crop, next: Random): Box {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const share = uniform(area, next)
    const aspect = Math.exp(uniform([Math.log(narrow), Math.log(wide)], next))
    const [width, height] = [Math.sqrt(share * aspect), Math.sqrt(share / aspect)]
    const [x, y] = [uniform([-1, 1], next), uniform([-1, 1], next)]
    if (width <= 1 && height <= 1) return { x: x * (1 - width), y: y * (1 - height), width, height }
  }
  return { x: 0, y: 0, width: 1, height: 1 }
}

/** The affine map [2, 3] from places of a view to places of the frame: a box of a box, mirrored or not. */
export function viewTransform(frame: Box, box: Box, mirrored: boolean): readonly number[] {
  const across = frame.width * box.width * (mirrored ? -1 : 1)
  const [x, y] = [frame.x + frame.width * box.x, frame.y + frame.height * box.y]
  return [across, 0, x, 0, frame.height * box.height, y]
}
