import { decodeRecording } from '@takt/video'
import type { Describer } from './describer.ts'

/** What a recording shows, by describer: one vector a time step of 250 ms. */
export interface DescribedRecording<Name extends string> {
  readonly stepCount: number
  readonly features: Readonly<Record<Name, readonly Float32Array[]>>
  /** The decoder's complaints; none for a sound file. */
  readonly decoderErrors: readonly string[]
}

/** A minute of frames is held at a time; whole segments of 16 steps. */
const STEPS_PER_CHUNK = 240

/** Describes a recording in each way, decoding it once for each size of frame. Throws what decoding throws. */
export async function describeRecording<Name extends string>(
  input: string,
  describers: Readonly<Record<Name, Describer>>,
  signal: AbortSignal,
): Promise<DescribedRecording<Name>> {
  const named = Object.entries(describers) as [Name, Describer][]
  const features = Object.fromEntries(named.map(([name]) => [name, []])) as unknown as Record<Name, Float32Array[]>
  let stepCount = 0
  let decoderErrors: readonly string[] = []
  for (const [size, ofSize] of Map.groupBy(named, ([, describer]) => describer.size)) {
    const decoded = await decodeRecording({
      input,
      rendition: { id: `${size}`, size },
      stepsPerChunk: STEPS_PER_CHUNK,
      take: async frames => {
        for (const [name, describer] of ofSize) features[name].push(...(await describer.describe(frames)))
      },
      signal,
    })
    stepCount = decoded.stepCount
    decoderErrors = decoded.decoderErrors
  }
  return { stepCount, features, decoderErrors }
}
