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

/** Standard deviation of the mount's trembling, in source pixels. */
const vibration = 0.15

const silence = new Int8Array(noiseSamples)

/** `seed` decides the noise, picture by picture. */
export const pictureDeveloper = (view: CameraView, seed: number): DevelopPicture => {
  const random = seededRandom(seed)
  const noise = sensorNoise(random, view.noise)
  const out = new Uint8ClampedArray(pictureBytes)
  return (source, { nudge, light }) => {
    const shaken = {
      ...nudge,
      dx: nudge.dx + vibration * gaussian(random),
      dy: nudge.dy + vibration * gaussian(random),
    }
    const window = { ...nudgedCrop(view, shaken), mirrored: view.mirrored }
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

/** Of a deviation given, and as coarse as demosaicing leaves it (3×3): finer grain would not outlive the encoder, and rest would stand still. */
const sensorNoise = (random: Random, deviation: number): Int8Array => {
  const white = Float32Array.from({ length: noiseSamples }, () => gaussian(random))
  const at = (index: number) => white[index % noiseSamples]!
  const around = [0, 1, 2].flatMap(row => [0, 1, 2].map(column => row * planes.y.width + column))
  // A sum of 9 has three times the deviation of one.
  return Int8Array.from(white, (_, index) =>
    Math.round((deviation / 3) * around.reduce((sum, step) => sum + at(index + step), 0)),
  )
}

/** Box–Muller. */
const gaussian = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
