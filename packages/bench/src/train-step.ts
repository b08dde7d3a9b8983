import { availableParallelism } from 'node:os'
import type { Benchmark } from './benchmark.ts'
import { median } from './measure/quantile.ts'
import { significant } from './measure/round.ts'
import { compareSteps, lossDifference, medianSeconds } from './train-step/compare.ts'
import { runRounds } from './train-step/run-rounds.ts'
import { tiny, vitS } from './train-step/workload.ts'

const torchMissing = 'no Python with torch was named: --python PATH or TAKT_BENCH_PYTHON'

/** A whole VideoMAE step, compiled into one ONNX graph, beside the same step in PyTorch and its bare matrix products. */
export const trainStep: Benchmark = {
  about: 'a VideoMAE step of ViT-S (clipped AdamW, batch 8) beside PyTorch and beside its matrix products alone',
  run: async options => {
    const workload = options.quick ? tiny : vitS
    const sizes = options.quick ? { stepsPerCall: 1, rounds: 2 } : { stepsPerCall: 1, rounds: 20 }
    const threads = availableParallelism()
    const { rounds, cpuRounds, losses, peaks, gigaflops } = await runRounds(workload, { ...options, ...sizes, threads })
    return {
      clipsPerSecond: significant(workload.batch / median(rounds.map(({ takt }) => takt))),
      ...compareSteps(rounds),
      peakMemoryRatioToTorch: peaks.torchEager ? significant(peaks.takt / peaks.torchEager) : null,
      ...(options.python ? {} : { withoutTorch: torchMissing }),
      aim: { ratioToTorchEager: 1.3, ratioToMatMulCeiling: 0.75, peakMemoryRatioToTorch: 1 },
      threads,
      ...sizes,
      secondsPerStep: medianSeconds(rounds),
      byCpu: { ...compareSteps(cpuRounds), secondsPerStep: medianSeconds(cpuRounds) },
      peakMegabytes: peaks,
      gigaflopsPerStep: significant(gigaflops),
      firstLoss: significant(losses.takt[0]!, 5),
      lastLoss: significant(losses.takt.at(-1)!, 5),
      lossDifferenceToTorch: losses.torchEager ? significant(lossDifference(losses.takt, losses.torchEager), 2) : null,
    }
  },
}
