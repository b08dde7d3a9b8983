import { basename } from 'node:path'
import { plantEncoderSpec, untrainedEncoder } from '@takt/nn'
import { type Describer, describeRecording, encoderDescriber, hogDescriber } from '@takt/recording'
import { openRuntime } from '@takt/runtime'
import { STEP_SECONDS } from '@takt/steps'
import { readEncoder } from '../encoders/encoder-file.ts'
import type { Features } from './read-features.ts'

interface Request {
  readonly video: string
  /** `hog`, `untrained`, or an encoder's file. */
  readonly encoder: string
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** One vector each 250 ms of a video. Throws what decoding and reading the encoder throw. */
export async function describeVideo({ video, encoder, signal, say }: Request): Promise<Features> {
  say(`looking at ${basename(video)}`)
  if (encoder === 'hog') return described(video, hogDescriber(plantEncoderSpec.inputSize), signal)
  const found = encoder === 'untrained' ? untrainedEncoder({ seed: 1 }) : await readEncoder(encoder)
  await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
  await using describer = encoderDescriber(runtime, found)
  return await described(video, describer, signal)
}

async function described(video: string, describer: Describer, signal: AbortSignal) {
  const { features } = await describeRecording(video, { seen: describer }, signal)
  return { vectors: features.seen, stepSeconds: STEP_SECONDS }
}
