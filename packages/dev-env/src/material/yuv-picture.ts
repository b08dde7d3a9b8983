/** Planar YUV 4:2:0, 8 bits: `width × height` of Y, then U and V at half of both. */
export const sourceWidth = 640
export const sourceHeight = 480
export const pictureBytes = (sourceWidth * sourceHeight * 3) / 2

export interface Plane {
  readonly offset: number
  readonly width: number
  readonly height: number
  /** How many source pixels one sample stands for. */
  readonly step: number
}

const lumaBytes = sourceWidth * sourceHeight

export const planes = {
  y: { offset: 0, width: sourceWidth, height: sourceHeight, step: 1 },
  u: { offset: lumaBytes, width: sourceWidth / 2, height: sourceHeight / 2, step: 2 },
  v: { offset: (lumaBytes * 5) / 4, width: sourceWidth / 2, height: sourceHeight / 2, step: 2 },
} as const satisfies Readonly<Record<string, Plane>>

/** out = a + (b − a) · weight, sample by sample; weight in [0, 1]. */
export const mixPictures = (a: Uint8Array, b: Uint8Array, weight: number, out: Uint8Array): void => {
  const w = Math.round(weight * 256)
  for (let i = 0; i < pictureBytes; i++) out[i] = a[i]! + (((b[i]! - a[i]!) * w) >> 8)
}
