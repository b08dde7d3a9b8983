import { basename } from 'node:path'
import { type Encoder, plantEncoderSpec, untrainedEncoder } from '@takt/nn'
import { type Describer, describeRecording, encoderDescriber, hogDescriber, type TimeRange } from '@takt/recording'
import type { Runtime } from '@takt/runtime'
import { type LabelSpan, STEP_SECONDS } from '@takt/steps'
import { readEncoder, type StoredEncoder } from '../encoders/encoder-file.ts'
import { cliError } from '../errors.ts'
import { type FineTuning, fineTuned } from './fine-tuning.ts'
import { type Learning, learnt } from './learning.ts'

/** What one run sees of a recording. */
export interface DescribedRun {
  /** `hog`, `untrained`, the encoder's file, the method by which one has learnt from the recording, or `fine-tuned`. */
  readonly name: string
  /** Whether labels of all training ranges have made the features, so that a head's scores within them say nothing. */
  readonly supervised: boolean
  readonly features: readonly Float32Array[]
}

export interface DescribedForEvaluation {
  readonly lengthSeconds: number
  readonly decoderErrors: readonly string[]
  /** In the order of printing; a name comes once a seed. */
  readonly runs: readonly DescribedRun[]
  /** Whose prediction is written down. */
  readonly chosen: string
}

const FINE_TUNED = 'fine-tuned'

interface Request {
  readonly video: string
  /** A stored encoder; the untrained one unless given. */
  readonly encoder: string | undefined
  /** What the encoder learns from the recording first, the untrained one of seed 1 unless one is given. */
  readonly learning: Learning | undefined
  /** What the last blocks of that encoder then learn from labels. */
  readonly fineTuning: FineTuning | undefined
  readonly spans: readonly LabelSpan[]
  readonly train: readonly TimeRange[]
  readonly seeds: number
  readonly runtime: Runtime
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Describes a recording by the descriptor made by hand, by untrained encoders of each seed, by the encoder asked for, and
 * by what it has learnt from the recording and from the labels of its training ranges, in one go.
 */
export async function describeForEvaluation(request: Request): Promise<DescribedForEvaluation> {
  const { video, encoder, learning, fineTuning, spans, train, seeds, runtime, signal, say } = request
  const all = Array.from({ length: seeds }, (_, i) => i + 1)
  const asked = encoder === undefined || encoder === 'hog' || encoder === 'untrained' ? undefined : encoder
  await using opened = new AsyncDisposableStack()
  const open = (found: StoredEncoder) => opened.use(encoderDescriber(runtime, found))
  const describers: Record<string, Describer> = { hog: hogDescriber(plantEncoderSpec.inputSize) }
  for (const seed of all) describers[`untrained ${seed}`] = open(untrainedEncoder({ seed }))
  const given = asked === undefined ? undefined : await readEncoder(asked)
  if (asked !== undefined && given) describers[asked] = open(given)
  if (learning || fineTuning) {
    let latest = given === undefined ? untrainedEncoder({ seed: 1 }) : trainable(given)
    if (learning) {
      latest = await learnt(latest, learning, { video, signal, say })
      describers[learning.method] = open(latest)
    }
    if (fineTuning) {
      latest = await fineTuned(latest, fineTuning, { video, spans, train, signal, say })
      describers[FINE_TUNED] = open(latest)
    }
  }

  say(`looking at ${basename(video)}`)
  const { stepCount, features, decoderErrors } = await describeRecording(video, describers, signal)
  const runs = Object.entries(features).map(([key, of]) => ({
    name: key.replace(/^untrained \d+$/, 'untrained'),
    supervised: key === FINE_TUNED,
    features: of,
  }))
  const chosen = (fineTuning && FINE_TUNED) ?? learning?.method ?? encoder ?? 'untrained'
  return { lengthSeconds: stepCount * STEP_SECONDS, decoderErrors, runs, chosen }
}

/** Methods know how to train Takt's own architecture; throws `option-invalid` of foundation weights. */
function trainable({ spec, parameters }: StoredEncoder): Encoder {
  if (spec.architecture === 'video-vit') return { spec, parameters }
  throw cliError('option-invalid', {
    option: 'encoder',
    value: spec.family,
    wanted: 'an encoder that can be trained on',
  })
}
