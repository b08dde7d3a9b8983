import { availableParallelism } from 'node:os'
import { untrainedEncoder } from '@takt/nn'
import { openTraining } from '@takt/runtime'
import { videoMaePresets, videoMaeTrainer } from '@takt/ssl'
import type { Benchmark } from './benchmark.ts'
import { feedFromPool } from './loader/feed-from-pool.ts'
import { storeSegments } from './loader/store-segments.ts'

/** Segments that are decoded ahead of the window have room, too. */
const roomAhead = 5

/** What stored segments cost a training run, beside the same run on clips that lie in memory. */
export const loader: Benchmark = {
  about:
    'steps/s of VideoMAE on the plant encoder from stored 1080p25 segments, beside a resident batch of the same run',
  run: async options => {
    const { quick, say, signal } = options
    const [batch, stepsPerCall] = quick ? [2, 1] : [8, 2]
    const sizes = quick
      ? { segments: 12, rounds: 1, turns: 2, calls: 2, clipsPerDecode: 8 }
      : { segments: 20, rounds: 4, turns: 4, calls: 4, clipsPerDecode: 256 }
    say(`storing ${sizes.segments} segments`)
    const { blobs, segments } = await storeSegments(options, sizes.segments)
    const { spec, parameters } = untrainedEncoder({ seed: 1 })
    const trainer = videoMaeTrainer({ spec, preset: videoMaePresets.plant, batch, stepsPerCall, steps: 1000, seed: 1 })
    await using run = await openTraining({
      provider: 'cpu',
      threads: availableParallelism(),
      model: trainer.model(),
      from: { step: 0, state: trainer.initialState(parameters) },
      limitBytes: 2 ** 31,
      signal,
    })
    const fed = { ...sizes, segments, download: blobs.download, signal, say }
    const training = { run, trainer, calls: sizes.calls }
    const allFit = await feedFromPool(training, { ...fed, room: segments.length })
    const partFits = await feedFromPool(training, { ...fed, room: Math.ceil(0.4 * segments.length) + roomAhead })
    return { aim: 0.95, batch, stepsPerCall, ratioToResident: partFits.ratioToResident, allFit, partFits }
  },
}
