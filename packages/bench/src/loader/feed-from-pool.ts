import { plantEncoderSpec } from '@takt/nn'
import { type ClipPoolOptions, openClipPool } from '@takt/video'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { compareTurns, type Round } from './compare-turns.ts'
import { decodedAhead, poolTurn, residentTurn, type Training } from './train-turn.ts'

export interface FeedOptions extends Pick<ClipPoolOptions, 'segments' | 'download' | 'signal' | 'clipsPerDecode'> {
  /** Segments that there is memory for. */
  readonly room: number
  readonly rounds: number
  readonly say: (line: string) => void
}

/** Frames on the grid of a segment that begins between two of them. */
const framesOfSegment = 34
const segmentBytes = framesOfSegment * plantEncoderSpec.inputSize ** 2 * 3

/** A call far inside the run, where the window is grown. */
const fromCall = 10_000

const megabytes = (bytes: number) => significant(bytes / 2 ** 20)

/** Trains by turns on resident clips and on a pool's; `fillSeconds` is what a run that goes on from a checkpoint waits for. */
export async function feedFromPool(training: Training, { room, rounds, say, ...options }: FeedOptions) {
  const { batch, stepsPerCall } = training.trainer
  const leftOut: string[] = []
  const openedMs = performance.now()
  await using pool = openClipPool({
    ...options,
    ...{ seed: 1, size: plantEncoderSpec.inputSize, batch, stepsPerCall },
    ...{ limitBytes: room * segmentBytes, fromCall, decoders: 1 },
    onLeftOut: ({ id }) => leftOut.push(id),
  })
  const { frames } = (await pool[Symbol.asyncIterator]().next()).value!
  await decodedAhead(pool)
  const fillSeconds = significant((performance.now() - openedMs) / 1000)
  await residentTurn({ ...training, calls: 1 }, frames)

  const filledWith = pool.stats.decodedSegments
  const turns: Round[] = []
  const memory: Figures[] = []
  for (let round = 1; round <= rounds; round++) {
    turns.push({ resident: await residentTurn(training, frames), pool: await poolTurn(training, pool) })
    memory.push({
      poolMegabytes: megabytes(pool.stats.residentBytes),
      processMegabytes: megabytes(process.memoryUsage.rss()),
    })
    say(`${options.segments.length} segments, room for ${room}: round ${round} of ${rounds}`)
  }
  const decodedSegments = pool.stats.decodedSegments - filledWith
  return {
    ...compareTurns(turns),
    segments: options.segments.length,
    room,
    clipsPerDecode: options.clipsPerDecode,
    limitMegabytes: megabytes(room * segmentBytes),
    filledWith,
    fillSeconds,
    decodedSegments,
    leftOut: leftOut.length,
    memory,
  }
}
