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

/** Half of the size and the middle of a box of a box, in a frame from −1 to 1; mirrored, the width is negative. */
export function viewStretches(frame: Box, box: Box, mirrored: boolean) {
  return {
    columns: [frame.width * box.width * (mirrored ? -1 : 1), frame.x + frame.width * box.x],
    rows: [frame.height * box.height, frame.y + frame.height * box.y],
  } as const
}
