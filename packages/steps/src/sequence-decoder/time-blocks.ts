import { labelledStretches, UNKNOWN } from '../labelled-runs.ts'
import { applyCalibration, asLogit, type ScoreCalibration } from './score-calibration.ts'

/** Blocks of frames in a step of median length: what is finer is noise to a decoder, and costs. */
export const BLOCKS_A_STEP = 12

/** Frames in a block, from the labels that say how long a step is. */
export function framesInBlock(labels: readonly Int16Array[]): number {
  const runs = labels.flatMap(labelledStretches).flat()
  const lengths = runs.map(({ start, end }) => end - start).sort((a, b) => a - b)
  return Math.max(1, Math.round(lengths[lengths.length >> 1]! / BLOCKS_A_STEP))
}

export function blockCount(frames: number, blockFrames: number): number {
  return Math.ceil(frames / blockFrames)
}

/** ln P(class) of each block, `[block, class]`, from the mean logits of its frames; the last block may be shorter. */
export function blockLogProbabilities(
  scores: Float32Array,
  {
    classCount,
    blockFrames,
    calibration,
  }: { readonly classCount: number; readonly blockFrames: number; readonly calibration: ScoreCalibration },
): Float64Array {
  const frames = scores.length / classCount
  const blocks = new Float64Array(blockCount(frames, blockFrames) * classCount)
  for (let row = 0, block = 0; row < blocks.length; row += classCount, block++) {
    const [from, to] = [block * blockFrames, Math.min(frames, (block + 1) * blockFrames)]
    for (let frame = from; frame < to; frame++) {
      for (let k = 0; k < classCount; k++)
        blocks[row + k]! += asLogit(scores[frame * classCount + k]!, calibration.kind)
    }
    for (let k = 0; k < classCount; k++) blocks[row + k]! /= to - from
    applyCalibration(calibration, blocks.subarray(row, row + classCount))
  }
  return blocks
}

/** The label most frames of each block have, `UNKNOWN` counting as one. */
export function blockLabels(labels: Int16Array, blockFrames: number): Int16Array {
  return Int16Array.from({ length: blockCount(labels.length, blockFrames) }, (_, block) => {
    const counts = new Map<number, number>()
    for (const label of labels.subarray(block * blockFrames, (block + 1) * blockFrames))
      counts.set(label, (counts.get(label) ?? 0) + 1)
    return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), [UNKNOWN, 0])[0]
  })
}

/** Labels of blocks as labels of `frames` frames. */
export function spreadOverFrames(labels: Int16Array, blockFrames: number, frames: number): Int16Array {
  return Int16Array.from({ length: frames }, (_, frame) => labels[Math.floor(frame / blockFrames)]!)
}
