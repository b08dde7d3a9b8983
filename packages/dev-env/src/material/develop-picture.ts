import type { CameraView } from './camera-view.ts'
import type { Light } from './plan-light.ts'
import type { Nudge } from './plan-station.ts'
import { type Random, seededRandom } from './random.ts'
import { resamplePlane } from './resample-plane.ts'
import { pictureBytes, planes } from './yuv-picture.ts'

export interface PictureConditions {
  readonly nudge: Nudge
  readonly light: Light
}

/** Turns a source picture into what the camera records; the result is overwritten by the next call. */
export type DevelopPicture = (source: Uint8Array, conditions: PictureConditions) => Uint8ClampedArray

const noiseSamples = 1 << 20
const silence = new Int8Array(noiseSamples)

/** `seed` decides the noise, picture by picture. */
export const pictureDeveloper = (view: CameraView, seed: number): DevelopPicture => {
  const random = seededRandom(seed)
  const noise = gaussianNoise(random, view.noise)
  const out = new Uint8ClampedArray(pictureBytes)
  return (source, { nudge, light }) => {
    const window = { ...nudgedCrop(view, nudge), mirrored: view.mirrored }
    const noiseOffset = random.below(noiseSamples - planes.y.width * planes.y.height)
    const warmth = view.warmth + light.warmth
    // Chroma is recorded at a quarter of the pixels and filtered by the sensor: its noise is left out.
    resamplePlane(source, out, planes.y, window, { tone: toneOf(v => v * light.gain * view.gain), noise, noiseOffset })
    resamplePlane(source, out, planes.u, window, { tone: toneOf(v => v - warmth), noise: silence, noiseOffset: 0 })
    resamplePlane(source, out, planes.v, window, { tone: toneOf(v => v + warmth), noise: silence, noiseOffset: 0 })
    return out
  }
}

const nudgedCrop = ({ crop }: CameraView, { dx, dy, zoom }: Nudge) => {
  const width = crop.width * zoom
  const height = crop.height * zoom
  return { x: crop.x + dx + (crop.width - width) / 2, y: crop.y + dy + (crop.height - height) / 2, width, height }
}

const toneOf = (tone: (value: number) => number): Uint8Array =>
  Uint8Array.from(Uint8ClampedArray.from({ length: 256 }, (_, value) => tone(value)))

/** Box–Muller. */
const gaussianNoise = (random: Random, deviation: number): Int8Array =>
  Int8Array.from({ length: noiseSamples }, () => {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.next()))
    return Math.round(radius * Math.cos(2 * Math.PI * random.next()))
  })
