import { createHash } from 'node:crypto'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CameraViewName, cameraViews } from './camera-view.ts'
import { filmGestures } from './film-gestures.ts'
import { type Person, performers, readGestures } from './gestures.ts'
import { materialDirectory, readLabels, type TrueStep } from './labels.ts'
import { benchTruth, planBench } from './plan-bench.ts'
import { framesPerSecond, planStation, stationTruth } from './plan-station.ts'
import { encodePictures } from './raw-video.ts'
import { renderBench } from './render-bench.ts'
import { stationPictures } from './station-pictures.ts'

/** A video for a simulated camera, and what it shows. */
export interface ComposedVideo {
  readonly file: string
  readonly lengthSeconds: number
  readonly truth: readonly TrueStep[]
}

export interface ComposeOptions {
  readonly seed: number
  /** At least this long: videos end with a whole cycle and can be looped. */
  readonly minutes: number
  readonly stateDir: string
  readonly signal?: AbortSignal
}

export interface ComposeStationOptions extends ComposeOptions {
  readonly person: Person
  /** Which camera looks on; equal seeds show the same work from every one. */
  readonly view?: CameraViewName
}

/** Key frames every second, as plant cameras are set up. */
const keyFrameEvery = framesPerSecond

/** Raised whenever rendering changes, so that videos in the state directory are made anew. */
const renderingVersion = 2

/** A station's work, composed of one person's gestures; rendered once for each plan and view. */
export const composeStation = async (options: ComposeStationOptions): Promise<ComposedVideo> => {
  const { person, seed, minutes, view: viewName = 'front', stateDir, signal } = options
  const gestures = await readGestures(person)
  const plan = planStation({ performer: performers[person], gestures, seed, minutes })
  const view = cameraViews[viewName]
  const render = async (file: string) => {
    const pictures = stationPictures(plan, await filmGestures(gestures, signal), view)
    await encodePictures(pictures, { file, framesPerSecond, keyFrameEvery, signal })
  }
  const file = await renderOnce({ stateDir, name: `${person}-${viewName}`, recipe: [plan, gestures, view], render })
  return { file, lengthSeconds: plan.frameCount / framesPerSecond, truth: stationTruth(plan) }
}

/** The bench recording over and over, each time at a slightly other speed, in other light. */
export const composeBench = async ({ seed, minutes, stateDir, signal }: ComposeOptions): Promise<ComposedVideo> => {
  const plan = planBench({ seed, minutes })
  const render = (file: string) => renderBench(plan, { file, keyFrameEvery, signal })
  const file = await renderOnce({ stateDir, name: 'bench', recipe: plan, render })
  const labels = await readLabels(join(materialDirectory, 'bottle-detection.labels.csv'))
  return { file, lengthSeconds: plan.frameCount / framesPerSecond, truth: benchTruth(plan, labels) }
}

const renderOnce = async (options: {
  readonly stateDir: string
  readonly name: string
  readonly recipe: unknown
  readonly render: (file: string) => Promise<void>
}): Promise<string> => {
  const directory = join(options.stateDir, 'material')
  await mkdir(directory, { recursive: true })
  const hash = createHash('sha256')
    .update(JSON.stringify([renderingVersion, options.recipe]))
    .digest('hex')
  const file = join(directory, `${options.name}-${hash.slice(0, 16)}.mp4`)
  if (await stat(file).catch(() => undefined)) return file
  const unfinished = `${file}.unfinished`
  try {
    await options.render(unfinished)
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
  return file
}
