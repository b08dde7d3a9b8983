import type { Benchmark } from './benchmark.ts'
import { embed } from './embed.ts'
import { rest } from './rest.ts'

export const benchmarkNames = ['rest', 'embed'] as const
export type BenchmarkName = (typeof benchmarkNames)[number]

export const benchmarks: Readonly<Record<BenchmarkName, Benchmark>> = { rest, embed }

export const isBenchmarkName = (name: string): name is BenchmarkName =>
  (benchmarkNames as readonly string[]).includes(name)
