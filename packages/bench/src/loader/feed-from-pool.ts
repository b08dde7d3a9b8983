import { plantEncoderSpec } from '@takt/nn'
import { type ClipPool, type ClipPoolOptions, openClipPool } from '@takt/video'
import type { Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { compareTurns, type Round, type Turn } from './compare-turns.ts'
import { decodedAhead, poolTurn, residentTurn, type Training } from './train-turn.ts'

export interface FeedOptions extends Pick<ClipPoolOptions, 'segments' | 'download' | 'signal' | 'clipsPerDecode'> {
  /** Segments that there is memory for. */
  readonly room: number
  readonly rounds: number
  /** Turns of each kind in a round. */
  readonly turns: number
  readonly say: (line: string) => void
}

/** Frames on the grid of a segment that begins between two of them. */
const framesOfSegment = 34
const segmentBytes = framesOfSegment * plantEncoderSpec.inputSize ** 2 * 3

/** A call far inside the run, where the window is grown. */
const fromCall = 10_000

const megabytes = (bytes: number) => significant(bytes / 2 ** 20)

/** Trains by turns on resident clips and on a pool's; `fillSeconds` is what a run that goes on from a checkpoint waits for. */
export async function feedFromPool(training: Training, { room, rounds, turns, say, ...options }: FeedOptions) {
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
  const found: Round[] = []
  const memory: Figures[] = []
  for (let round = 1; round <= rounds; round++) {
    found.push(await trainRound(training, pool, { frames, turns }))
    memory.push({
      poolMegabytes: megabytes(pool.stats.residentBytes),
      processMegabytes: megabytes(process.memoryUsage.rss()),
    })
    say(`${options.segments.length} segments, room for ${room}: round ${round} of ${rounds}`)
  }
  const decodedSegments = pool.stats.decodedSegments - filledWith
  return {
    ...compareTurns(found),
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

/** Turns short enough for a slow moment to meet both kinds, each kind first as often as the other. */
async function trainRound(
  training: Training,
  pool: ClipPool,
  { frames, turns }: { readonly frames: Uint8Array; readonly turns: number },
): Promise<Round> {
  const found: { resident: Turn[]; pool: Turn[] } = { resident: [], pool: [] }
  const take = {
    resident: async () => found.resident.push(await residentTurn(training, frames)),
    pool: async () => found.pool.push(await poolTurn(training, pool)),
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const kind of turn % 2 === 0 ? (['resident', 'pool'] as const) : (['pool', 'resident'] as const))
      await take[kind]()
  }
  return found
}
