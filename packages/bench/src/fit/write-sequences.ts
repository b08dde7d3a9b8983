import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { random } from '@takt/nn'
import { encodeNpy } from '@takt/onnx'

export interface SequenceSizes {
  readonly sequences: number
  readonly frames: number
  readonly channels: number
  readonly classes: number
}

/** A sequence on disk: features `[time, channel]` in float32 and the class of each frame. */
export interface SequenceOnDisk {
  readonly name: string
  readonly file: string
  readonly labels: Int16Array<ArrayBuffer>
}

/** Rows of noise that are drawn; every frame takes one of them, from another place on. */
const NOISE_ROWS = 256
/** Steps of a sequence. */
const STEPS = 20

/** Sequences of steps, each of which has a prototype below noise; they are written one after the other. */
export async function writeSequences(
  folder: string,
  { sequences, frames, channels, classes }: SequenceSizes,
): Promise<readonly SequenceOnDisk[]> {
  const draw = random(1, 'bench fit')
  const drawn = (count: number) => Float32Array.from({ length: count }, () => 2 * draw() - 1)
  const prototypes = Array.from({ length: classes }, () => drawn(channels).map(x => x / 4))
  const noise = drawn((NOISE_ROWS + 1) * channels)
  const written: SequenceOnDisk[] = []
  const data = new Float32Array(frames * channels)
  for (let index = 0; index < sequences; index++) {
    const order = Array.from({ length: STEPS }, () => Math.floor(draw() * classes))
    const labels = Int16Array.from({ length: frames }, (_, frame) => order[Math.floor((frame * STEPS) / frames)]!)
    for (const [frame, label] of labels.entries()) {
      const from = Math.floor(draw() * NOISE_ROWS * channels)
      const prototype = prototypes[label]!
      for (let j = 0; j < channels; j++) data[frame * channels + j] = prototype[j]! + noise[from + j]!
    }
    const name = `sequence-${index}`
    const file = join(folder, `${name}.npy`)
    await writeFile(file, encodeNpy({ shape: [frames, channels], data }))
    written.push({ name, file, labels })
  }
  return written
}
