import type { Benchmark } from './benchmark.ts'
import { compile } from './compile.ts'
import { decode } from './decode.ts'
import { embed } from './embed.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { loader } from './loader.ts'
import { rest } from './rest.ts'
import { steps } from './steps.ts'
import { trainStep } from './train-step.ts'

export const benchmarkNames = [
  'rest',
  'embed',
  'ingest',
  'latency',
  'steps',
  'loader',
  'train-step',
  'compile',
  'decode',
] as const
export type BenchmarkName = (typeof benchmarkNames)[number]

export const benchmarks: Readonly<Record<BenchmarkName, Benchmark>> = {
  rest,
  embed,
  ingest,
  latency,
  steps,
  loader,
  'train-step': trainStep,
  compile,
  decode,
}

export const isBenchmarkName = (name: string): name is BenchmarkName =>
  (benchmarkNames as readonly string[]).includes(name)
