import { join } from 'node:path'
import { type ComposedVideo, materialDirectory, readLabels, type TrueStep } from '@takt/dev-env'
import { cameraVideo } from './camera-video.ts'

/** Length of the bench recording, after which the film repeats it, s. */
const recordingSeconds = 39.854749

/** `cameraVideo` with the true steps of every whole repetition. */
export async function benchFilm(options: {
  readonly seconds: number
  readonly materialDir: string
  readonly signal: AbortSignal
}): Promise<ComposedVideo> {
  const { seconds } = options
  const labels = await readLabels(join(materialDirectory, 'bottle-detection.labels.csv'))
  const truth = Array.from({ length: Math.floor(seconds / recordingSeconds) }, (_, cycle) =>
    labels.map(
      ({ label, startSeconds, endSeconds }): TrueStep => ({
        step: label,
        startSeconds: cycle * recordingSeconds + startSeconds,
        endSeconds: cycle * recordingSeconds + endSeconds,
        cycle,
      }),
    ),
  )
  return { file: await cameraVideo(options), lengthSeconds: seconds, truth: truth.flat() }
}
