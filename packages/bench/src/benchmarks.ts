import type { Benchmark } from './benchmark.ts'
import { calibration } from './calibration.ts'
import { compile } from './compile.ts'
import { decode } from './decode.ts'
import { discover } from './discover.ts'
import { drift } from './drift.ts'
import { embed } from './embed.ts'
import { fit } from './fit.ts'
import { heads } from './heads.ts'
import { infer } from './infer.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { loader } from './loader.ts'
import { pretrainingCost } from './pretraining-cost.ts'
import { rest } from './rest.ts'
import { ssl } from './ssl.ts'
import { steps } from './steps.ts'
import { trainStep } from './train-step.ts'

export const benchmarkNames = [
  'rest',
  'embed',
  'ingest',
  'latency',
  'steps',
  'calibration',
  'heads',
  'loader',
  'train-step',
  'pretraining-cost',
  'compile',
  'decode',
  'infer',
  'fit',
  'discover',
  'drift',
  'ssl',
] as const
export type BenchmarkName = (typeof benchmarkNames)[number]

export const benchmarks: Readonly<Record<BenchmarkName, Benchmark>> = {
  rest,
  embed,
  ingest,
  latency,
  steps,
  calibration,
  heads,
  loader,
  'train-step': trainStep,
  'pretraining-cost': pretrainingCost,
  compile,
  decode,
  infer,
  fit,
  discover,
  drift,
  ssl,
}

export const isBenchmarkName = (name: string): name is BenchmarkName =>
  (benchmarkNames as readonly string[]).includes(name)
