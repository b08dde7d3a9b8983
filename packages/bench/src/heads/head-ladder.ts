import {
  type HeadRequest,
  heads,
  type PredictedStep,
  type Prediction,
  predictionOf,
  trainInRuntime,
} from '@takt/recording'
import {
  advance,
  BACKGROUND,
  fitHead,
  fitTemporalHead,
  type Interval,
  labelSegments,
  mostProbableClasses,
  openDecoder,
  processInOrder,
  readRecording,
  STEP_SECONDS,
  type TemporalHead,
  type TemporalOptions,
  type TimeStep,
} from '@takt/steps'

/** What is learnt as it is, and normalised by the whole recording. */
const plain: TemporalOptions = {
  augmentation: { warp: null, channelShift: 0, noise: 0 },
  reachSteps: Infinity,
}

/**
 * From `temporal` on each rung has what those before it have. `bounded` is the temporal head of a plant, which looks four
 * seconds ahead, and `boundedBoth` that beside the linear one: both are decoded online, as `linear` is.
 */
export const rungs = [
  'linear',
  'bounded',
  'boundedBoth',
  'temporal',
  'augmentation',
  'normalisation',
  'decoder',
] as const
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
  const online = async (kind: 'temporal' | 'both') => predictionOf(await readOnline(request, kind), features.length)
  const decoded = readRecording({ head: whole, vectors: features, labels: labelled.training })
  return {
    linear: predictionOf(linear, features.length),
    bounded: await online('temporal'),
    boundedBoth: await online('both'),
    temporal: byNetworks(await temporal(plain)),
    augmentation: byNetworks(await temporal({ reachSteps: Infinity })),
    normalisation: byNetworks(whole),
    decoder: predictionOf(decoded, features.length),
  }
}

/** What a plant's head of a kind finds, from a decoder that has seen nothing. */
async function readOnline(
  { features, labelled: { classes, training }, signal }: HeadRequest,
  kind: 'temporal' | 'both',
): Promise<readonly Interval[]> {
  const steps = features.map((x): TimeStep => ({ kind: 'observed', views: { recording: x } }))
  const options = { process: processInOrder(classes.slice(1).map((_, index) => index + 1)), kind }
  const sequences = [{ steps, labels: training }]
  const { head } = await fitHead({ sequences, classes, options, train: trainInRuntime(signal), signal })
  const { finals, provisionals } = advance(head, openDecoder(head, 0), steps)
  return [...finals, ...provisionals]
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
