import { dirname } from 'node:path'
import { type ComposedVideo, composeBench, composeStation } from '@takt/dev-env'
import { type Drift, measureDrift, type Reference, referenceOf, type WindowLook } from '@takt/drift'
import type { Describer } from '@takt/recording'
import { seededRandom } from '../decode/seeded-random.ts'
import { recordFrames, usualLook } from './camera-picture.ts'
import { eachWindow, filmSize, lookAt, windowFrames } from './film-windows.ts'
import { reorderWork } from './reorder-work.ts'
import { type ScriptedDriftName, scriptedDrifts } from './scripted-drifts.ts'

export const driftStations = ['bench', 'jumper', 'shirt'] as const
export type DriftStation = (typeof driftStations)[number]

/** A window of film with what happened in it, and what was made of it. */
export interface ToldDrift {
  readonly station: DriftStation
  readonly happened: ScriptedDriftName
  readonly drift: Drift
}

export interface DriftFilms {
  readonly station: DriftStation
  readonly seed: number
  readonly describer: Describer
  readonly grid: number
  readonly materialDir: string
  readonly signal: AbortSignal
}

const referenceMinutes = 8
const recentMinutes = 3
/** So far apart that no film is both a reference and recent. */
const recentSeeds = 10_000

/**
 * Every scripted drift on the first minute of a film, and nothing at all on the others, told by a reference made of
 * another film of the same station.
 */
export async function toldDrifts(films: DriftFilms): Promise<readonly ToldDrift[]> {
  const { station, seed, describer, signal } = films
  const reference = await referenceOn(films)
  const recent = await compose(films, { seed: seed + recentSeeds, minutes: recentMinutes })
  const steps: readonly string[] = [...new Set(recent.truth.map(({ step }) => step))]
  const random = seededRandom(seed).uniform
  const told: ToldDrift[] = []
  await eachWindow(
    recent.file,
    async (frames, index) => {
      for (const [name, { look, ...script }] of Object.entries(scriptedDrifts)) {
        if (index > 0 && name !== 'none') continue
        const stretch = { fromFrame: index * windowFrames, frameCount: windowFrames }
        const shown = 'order' in script ? pick(frames, reorderWork(recent.truth, stretch, script.order(steps))) : frames
        const recorded = recordFrames(shown, filmSize, describer.size, look(random))
        const drift = measureDrift(reference, await lookAt(recorded, describer, films.grid))
        told.push({ station, happened: name as ScriptedDriftName, drift })
      }
      signal.throwIfAborted()
    },
    signal,
  )
  return told
}

async function referenceOn(films: DriftFilms): Promise<Reference> {
  const film = await compose(films, { seed: films.seed, minutes: referenceMinutes })
  const windows: WindowLook[] = []
  await eachWindow(
    film.file,
    async frames => {
      const recorded = recordFrames(frames, filmSize, films.describer.size, usualLook)
      windows.push(await lookAt(recorded, films.describer, films.grid))
    },
    films.signal,
  )
  return referenceOf(windows, films.grid)
}

function compose(
  { station, materialDir, signal }: DriftFilms,
  length: { readonly seed: number; readonly minutes: number },
): Promise<ComposedVideo> {
  const options = { ...length, stateDir: dirname(materialDir), signal }
  if (station === 'bench') return composeBench(options)
  return composeStation({ ...options, person: station === 'jumper' ? 'hooded-jumper' : 'grey-t-shirt' })
}

function pick(frames: Uint8Array, order: Int32Array): Uint8Array {
  const bytes = filmSize * filmSize * 3
  const picked = new Uint8Array(order.length * bytes)
  for (const [at, from] of order.entries()) picked.set(frames.subarray(from * bytes, (from + 1) * bytes), at * bytes)
  return picked
}
