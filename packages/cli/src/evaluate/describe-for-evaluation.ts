import { basename } from 'node:path'
import { type Encoder, plantEncoderSpec, untrainedEncoder } from '@takt/nn'
import { type Describer, describeRecording, encoderDescriber, hogDescriber } from '@takt/recording'
import type { Runtime } from '@takt/runtime'
import { STEP_SECONDS } from '@takt/steps'
import { readEncoder, type StoredEncoder } from '../encoders/encoder-file.ts'
import { cliError } from '../errors.ts'
import { type Learning, learnt } from './learning.ts'

/** What one run sees of a recording. */
export interface DescribedRun {
  /** `hog`, `untrained`, the encoder's file, or the method by which an encoder has learnt from the recording. */
  readonly name: string
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

interface Request {
  readonly video: string
  /** A stored encoder; the untrained one unless given. */
  readonly encoder: string | undefined
  /** What the encoder learns from the recording first, the untrained one of seed 1 unless one is given. */
  readonly learning: Learning | undefined
  readonly seeds: number
  readonly runtime: Runtime
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Describes a recording by the descriptor made by hand, by untrained encoders of each seed, by the encoder asked for, and
 * by what it has learnt from the recording, in one go.
 */
export async function describeForEvaluation(request: Request): Promise<DescribedForEvaluation> {
  const { video, encoder, learning, seeds, runtime, signal, say } = request
  const all = Array.from({ length: seeds }, (_, i) => i + 1)
  const asked = encoder === undefined || encoder === 'hog' || encoder === 'untrained' ? undefined : encoder
  await using opened = new AsyncDisposableStack()
  const open = (found: StoredEncoder) => opened.use(encoderDescriber(runtime, found))
  const describers: Record<string, Describer> = { hog: hogDescriber(plantEncoderSpec.inputSize) }
  for (const seed of all) describers[`untrained ${seed}`] = open(untrainedEncoder({ seed }))
  const given = asked === undefined ? undefined : await readEncoder(asked)
  if (asked !== undefined && given) describers[asked] = open(given)
  if (learning) {
    const start = given === undefined ? untrainedEncoder({ seed: 1 }) : trainable(given)
    describers[learning.method] = open(await learnt(start, learning, { video, signal, say }))
  }

  say(`looking at ${basename(video)}`)
  const { stepCount, features, decoderErrors } = await describeRecording(video, describers, signal)
  const runs = Object.entries(features).map(([key, of]) => ({
    name: key.replace(/^untrained \d+$/, 'untrained'),
    features: of,
  }))
  const chosen = learning?.method ?? encoder ?? 'untrained'
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
