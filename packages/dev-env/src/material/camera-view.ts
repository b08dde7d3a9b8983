/** Where a camera stands: what of the source picture it sees, and how. Lengths in source pixels of 640×480. */
export interface CameraView {
  readonly crop: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  readonly mirrored: boolean
  readonly gain: number
  readonly warmth: number
  /** Standard deviation of the sensor's noise in 8-bit steps. */
  readonly noise: number
}

/** Two cameras at one station. The second is closer, from the other side (mirrored, foreshortened), darker and noisier. */
export const cameraViews = {
  front: { crop: { x: 8, y: 48, width: 544, height: 408 }, mirrored: false, gain: 1, warmth: 0, noise: 2 },
  side: { crop: { x: 72, y: 26, width: 400, height: 340 }, mirrored: true, gain: 0.86, warmth: -4, noise: 3 },
} as const satisfies Readonly<Record<string, CameraView>>

export type CameraViewName = keyof typeof cameraViews
