import { type TensorValue, tensorValue } from '@takt/graph'
import type { NamedTensors } from '@takt/onnx'
import { roughlyNormal } from '../temporal-head/roughly-normal.ts'
import { warpedPositions } from '../temporal-head/time-warp.ts'
import type { FeatureSequence } from './feature-sequence.ts'
import type { FeatureStandard } from './feature-standard.ts'
import type { SequenceAugmentation } from './head-recipes.ts'

/** What a sequence teaches, `[time, class]` each. */
export type SequenceLesson = { readonly targets: Float32Array; readonly trend: Float32Array | null }

export type FeedSizes = { readonly channels: number; readonly classes: number; readonly longest: number }

/** Of a showing: how long a model takes it, and how it differs from the sequence. */
export type Showing = {
  readonly length: number
  readonly augmentation: SequenceAugmentation
  /** Time steps from one change of pace to the next. */
  readonly knotSteps: number
  readonly dropout: { readonly maps: number; readonly layers: number } | null
  readonly draw: () => number
}

/**
 * Reads sequences into buffers of the longest one's size, which are written over: what `feed` gives is good until the
 * call after the next. So no more is held than two sequences, and a third where pace varies.
 */
export class SequenceFeed {
  readonly #sizes: FeedSizes
  readonly #standard: FeatureStandard
  readonly #buffers: readonly [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>]
  #original: Float32Array<ArrayBuffer> | undefined
  #turn = 0

  constructor(sizes: FeedSizes, standard: FeatureStandard) {
    this.#sizes = sizes
    this.#standard = standard
    const size = sizes.longest * sizes.channels
    this.#buffers = [new Float32Array(size), new Float32Array(size)]
  }

  /** A sequence as it is, to be scored: features and mask. */
  async plain(sequence: FeatureSequence, length: number): Promise<NamedTensors> {
    const buffer = this.#nextBuffer()
    await sequence.read(buffer)
    return { ...this.#rows(buffer, sequence.times, length), ...vectors(this.#standard) }
  }

  /** A showing with what it teaches. */
  async lesson(sequence: FeatureSequence, lesson: SequenceLesson, showing: Showing): Promise<NamedTensors> {
    const { length, augmentation, dropout, draw } = showing
    const buffer = this.#nextBuffer()
    const order = rowOrder(sequence.times, showing)
    if (order) {
      this.#original ??= new Float32Array(this.#buffers[0].length)
      await sequence.read(this.#original)
      takeRows(buffer, this.#original, order, this.#sizes.channels)
    } else await sequence.read(buffer)
    const times = order?.length ?? sequence.times
    const columns = (rows: Float32Array) => asColumns(rows, { order, times, length, classes: this.#sizes.classes })
    return {
      ...this.#rows(buffer, times, length),
      ...vectors(alteredStandard(this.#standard, augmentation, draw)),
      targets: columns(lesson.targets),
      ...(lesson.trend && { trend: columns(lesson.trend) }),
      ...(dropout && { drops: dropTable(dropout.maps, length + dropout.layers, draw) }),
    }
  }

  #nextBuffer(): Float32Array<ArrayBuffer> {
    this.#turn = 1 - this.#turn
    return this.#buffers[this.#turn as 0 | 1]
  }

  #rows(buffer: Float32Array<ArrayBuffer>, times: number, length: number): NamedTensors {
    const { channels } = this.#sizes
    const rows = buffer.subarray(0, length * channels).fill(0, times * channels)
    const mask = new Float32Array(length).fill(1, 0, times)
    return {
      rows: { dtype: 'float32', shape: [length, channels], data: rows },
      mask: { dtype: 'float32', shape: [1, 1, length], data: mask },
    }
  }
}

function vectors({ gain, offset }: FeatureStandard): NamedTensors {
  const vector = (data: Float32Array<ArrayBuffer>): TensorValue => ({ dtype: 'float32', shape: [data.length], data })
  return { gain: vector(gain), offset: vector(offset) }
}

/** The time steps of a showing at another pace, the nearest ones; at most `length`. Null for the sequence as it is. */
function rowOrder(times: number, { length, augmentation, knotSteps, draw }: Showing): Int32Array | null {
  if (!augmentation.pace) return null
  const positions = warpedPositions(times, { ...augmentation.pace, knotSteps }, draw)
  const from = Math.floor(draw() * Math.max(1, positions.length - length + 1))
  return Int32Array.from(positions.subarray(from, from + length), Math.round)
}

function takeRows(into: Float32Array, rows: Float32Array, order: Int32Array, channels: number): void {
  for (const [time, from] of order.entries()) {
    into.set(rows.subarray(from * channels, (from + 1) * channels), time * channels)
  }
}

/** Some channels left out and all shifted a little, by other means and deviations. */
function alteredStandard(
  { gain, offset }: FeatureStandard,
  { channelDropout, channelShift }: SequenceAugmentation,
  draw: () => number,
): FeatureStandard {
  if (channelDropout === 0 && channelShift === 0) return { gain, offset }
  const kept = gain.map(() => (draw() < channelDropout ? 0 : 1 / (1 - channelDropout)))
  return {
    gain: gain.map((value, j) => value * kept[j]!),
    offset: offset.map((value, j) => (value + channelShift * roughlyNormal(draw)) * kept[j]!),
  }
}

type Columns = {
  readonly order: Int32Array | null
  readonly times: number
  readonly length: number
  readonly classes: number
}

/** Rows `[time, class]` as a tensor [1, class, length], zeros after the last. */
function asColumns(rows: Float32Array, { order, times, length, classes }: Columns): TensorValue {
  const data = new Float32Array(classes * length)
  for (let time = 0; time < times; time++) {
    const from = (order?.[time] ?? time) * classes
    for (let k = 0; k < classes; k++) data[k * length + time] = rows[from + k]!
  }
  return { dtype: 'float32', shape: [1, classes, length], data }
}

/** Ones and zeros, as likely as each other, 16 of a draw; in the order of time, so that a longer model's begin alike. */
function dropTable(maps: number, width: number, draw: () => number): TensorValue {
  const data = new Uint8Array(maps * width)
  for (let at = 0, bits = 0; at < data.length; at++, bits >>= 1) {
    if (at % 16 === 0) bits = Math.floor(draw() * 65_536)
    data[(at % maps) * width + Math.floor(at / maps)] = bits & 1
  }
  return { dtype: 'uint8', shape: [1, maps, width], data }
}

/** The schedules of one step. */
export const schedule = (rate: number, decay: number, step: number): NamedTensors => ({
  rate: scalars(rate),
  decay: scalars(decay),
  step: scalars(step),
})

const scalars = (value: number): TensorValue => tensorValue({ dtype: 'float32', shape: [1] }, [value])
