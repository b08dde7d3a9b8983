import type { random } from '@takt/nn'
import type { Augmentation, Range } from './augmentation.ts'

/** Draws a number of [0, 1). */
export type Random = ReturnType<typeof random>

/** A Gaussian so narrow, in pixels, that it leaves a picture as it is. */
const SHARP = 0.05

const colours = ['brightness', 'contrast', 'saturation', 'hue', 'blur', 'solarise'] as const

/** What a view's colours are altered by: factors, hue in radians, blur in pixels of the view, solarised 1 or not 0. */
export type Colour = (typeof colours)[number]

/** Those by which an augmentation ever alters a picture; the graph has no others. */
export function alteredColours({ jitter, grey, blur, solarise }: Augmentation): readonly Colour[] {
  const chances: Readonly<Record<Colour, number>> = {
    brightness: jitter.chance * jitter.brightness,
    contrast: jitter.chance * jitter.contrast,
    saturation: jitter.chance * jitter.saturation + grey,
    hue: jitter.chance * jitter.hue,
    blur: blur.chance,
    solarise,
  }
  return colours.filter(colour => chances[colour] > 0)
}

/** All of them for one clip, always in the same order; `size` is the view's side in pixels. */
export function drawColours(augmentation: Augmentation, size: number, next: Random): Readonly<Record<Colour, number>> {
  const { jitter, grey, blur, solarise } = augmentation
  const jittered = next() < jitter.chance
  const around = (still: number, spread: number) => {
    const drawn = uniform([still - spread, still + spread], next)
    return jittered ? drawn : still
  }
  const [brightness, contrast] = [around(1, jitter.brightness), around(1, jitter.contrast)]
  const [saturation, hue] = [around(1, jitter.saturation), around(0, 2 * Math.PI * jitter.hue)]
  const [isGrey, isBlurred, isSolarised] = [next() < grey, next() < blur.chance, next() < solarise]
  return {
    ...{ brightness, contrast, hue },
    saturation: isGrey ? 0 : saturation,
    blur: isBlurred ? Math.max(SHARP, size * uniform(blur.deviation, next)) : SHARP,
    solarise: isSolarised ? 1 : 0,
  }
}

export const uniform = ([least, most]: Range, next: Random): number => least + (most - least) * next()
