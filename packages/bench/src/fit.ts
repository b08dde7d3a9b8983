import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Benchmark } from './benchmark.ts'
import { compareEpochs, memoryOf } from './fit/compare-epochs.ts'
import { runEpochs } from './fit/run-epochs.ts'
import { writeSequences } from './fit/write-sequences.ts'
import { significant } from './measure/round.ts'

const torchMissing = 'no Python with torch was named: --python PATH or TAKT_BENCH_PYTHON'

/** From how many sequences on one round says enough. */
const MANY = 20

/** Epochs of MS-TCN from features on disk, beside the same in PyTorch; memory as sequences become more. */
export const fit: Benchmark = {
  about: 'an epoch of MS-TCN on 50 sequences of 10,000 frames × 2,048 features on disk, beside PyTorch; memory',
  run: async options => {
    const { quick, stateDir, say } = options
    const shape = quick ? { frames: 300, channels: 32, classes: 5 } : { frames: 10_000, channels: 2048, classes: 19 }
    const sizes = { sequences: options.sequences ?? (quick ? 4 : 50), ...shape }
    const rounds = quick || sizes.sequences >= MANY ? 1 : 3
    const threads = availableParallelism()
    say(`writing ${sizes.sequences} sequences`)
    const folder = join(stateDir, 'sequences')
    await mkdir(folder)
    const written = await writeSequences(folder, sizes)
    const found = await runEpochs(written, sizes, { ...options, rounds, threads })
    return {
      ...compareEpochs(found),
      ...(options.python ? {} : { withoutTorch: torchMissing }),
      aim: { ratioToTorch: 1, memoryGrowth: 1 },
      ...sizes,
      rounds,
      threads,
      memory: { ...memoryOf(found), oneSequenceMegabytes: significant(found.sequenceMegabytes) },
    }
  },
}
