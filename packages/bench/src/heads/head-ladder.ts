import {
  type HeadRequest,
  heads,
  type PredictedStep,
  type Prediction,
  predictionOf,
  trainInRuntime,
} from '@takt/recording'
import {
  BACKGROUND,
  fitTemporalHead,
  labelSegments,
  mostProbableClasses,
  readRecording,
  STEP_SECONDS,
  type TemporalHead,
  type TemporalOptions,
} from '@takt/steps'

/** What is learnt as it is, and normalised by the whole recording. */
const plain: TemporalOptions = {
  augmentation: { warp: null, channelShift: 0, noise: 0 },
  reachSteps: Infinity,
}

/** Each rung has what those before it have. */
export const rungs = ['linear', 'temporal', 'augmentation', 'normalisation', 'decoder'] as const
export type Rung = (typeof rungs)[number]
type Found = Omit<Prediction, 'seconds'>

/** What each rung finds in a recording: the linear head with its decoder, then the temporal head part by part. */
export async function climb(request: HeadRequest): Promise<Readonly<Record<Rung, Found>>> {
  const { features, labelled } = request
  const temporal = async (options: TemporalOptions) => {
    const recordings = [{ vectors: features, labels: labelled.training }]
    const seeds = Array.from({ length: request.seeds }, (_, index) => index + 1)
    const train = trainInRuntime(request.signal)
    return fitTemporalHead({ recordings, classes: labelled.classes, seeds, train, options, signal: request.signal })
  }
  const byNetworks = (head: TemporalHead) => foundIn(mostProbableClasses(head, features), labelled.classes)
  const whole = await temporal({})
  const linear = await heads.linear.read(request)
  const decoded = readRecording({ head: whole, vectors: features, labels: labelled.training })
  return {
    linear: predictionOf(linear, features.length),
    temporal: byNetworks(await temporal(plain)),
    augmentation: byNetworks(await temporal({ reachSteps: Infinity })),
    normalisation: byNetworks(whole),
    decoder: predictionOf(decoded, features.length),
  }
}

/** Runs of one class as steps, as they are. */
function foundIn(labels: Int16Array, classes: readonly string[]): Found {
  const steps = labelSegments(labels, [BACKGROUND]).map(
    ({ label, start, end }): PredictedStep => ({
      step: classes[label]!,
      startSeconds: start * STEP_SECONDS,
      endSeconds: end * STEP_SECONDS,
      confidence: 1,
      startSdSeconds: null,
      endSdSeconds: null,
    }),
  )
  return { steps, labels }
}
