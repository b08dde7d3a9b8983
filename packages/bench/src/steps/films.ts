import { type ComposedVideo, composeBench, composeStation } from '@takt/dev-env'

export const stationNames = ['bench', 'jumper', 'shirt'] as const
export type StationName = (typeof stationNames)[number]

/** As long as the demo's films. */
const minutes = 4

export interface FilmOptions {
  readonly seed: number
  readonly stateDir: string
  readonly signal: AbortSignal
}

/** A station's film, rendered once a seed and kept: two minutes and a half remain to be timed after the labels. */
export const films: Readonly<Record<StationName, (options: FilmOptions) => Promise<ComposedVideo>>> = {
  bench: options => composeBench({ ...options, minutes }),
  jumper: options => composeStation({ ...options, minutes, person: 'hooded-jumper' }),
  shirt: options => composeStation({ ...options, minutes, person: 'grey-t-shirt' }),
}
