import type { EncoderSpec } from '@takt/nn'
import { openRuntime } from '@takt/runtime'
import type { Benchmark, Figures } from './benchmark.ts'
import { type CompiledStep, compileStep, phases, type StepSize } from './compile/compile-step.ts'
import { growth } from './compile/growth.ts'
import { median } from './measure/quantile.ts'
import { significant } from './measure/round.ts'
import { vitB, vitS } from './train-step/workload.ts'

const workloads = { vitS, vitB } as const

const sizes = ['vitS', 'vitB'] as const satisfies readonly (keyof typeof workloads)[]

const specOf = (size: (typeof sizes)[number], depth: number): EncoderSpec => ({ ...workloads[size].spec, depth })

/** What it takes to make a training step out of functions, by phase, and how that grows with depth. */
export const compile: Benchmark = {
  about:
    'CPU-seconds and nodes of a VideoMAE step of ViT-S and ViT-B: graph, gradient, serialisation, session; by depth',
  run: async ({ quick, say, signal }) => {
    const depths = quick ? [1, 2, 4] : [3, 6, 12, 24]
    const rounds = quick ? 1 : 3
    await using runtime = await openRuntime({ provider: 'cpu', threads: 1, signal })
    const found = new Map(sizes.map(size => [size, new Map<number, Compiled[]>()]))
    // The first step of all is compiled by code that is itself not compiled yet, and does not count.
    await compileStep(runtime, specOf('vitS', depths[0]!))
    for (let round = 1; round <= rounds; round++) {
      for (const size of sizes) {
        for (const depth of depths) {
          signal.throwIfAborted()
          const compiled = await compileStep(runtime, specOf(size, depth))
          const ofSize = found.get(size)!
          ofSize.set(depth, [...(ofSize.get(depth) ?? []), compiled])
        }
        say(`round ${round} of ${rounds}, ${size}`)
      }
    }
    const bySize = Object.fromEntries([...found].map(([size, byDepth]) => [size, summarise(byDepth)]))
    return { rounds, depths: depths.join(', '), aimGrowth: 1.3, ...bySize }
  },
}

interface Compiled {
  readonly seconds: CompiledStep
  readonly size: StepSize
}

/** Medians over rounds. */
function summarise(byDepth: ReadonlyMap<number, readonly Compiled[]>): Figures {
  const secondsOf = (rounds: readonly Compiled[], phase: keyof CompiledStep) =>
    median(rounds.map(({ seconds }) => seconds[phase]))
  const growths = phases.map(phase => {
    const costs = [...byDepth].map(([depth, rounds]) => ({ depth, seconds: secondsOf(rounds, phase) }))
    return [phase, significant(growth(costs))]
  })
  const atDepth = [...byDepth].map(([depth, rounds]) => {
    const seconds = phases.map(phase => [phase, significant(secondsOf(rounds, phase))])
    return [`depth${depth}`, { ...rounds[0]!.size, cpuSeconds: Object.fromEntries(seconds) }]
  })
  return { growth: Object.fromEntries(growths), ...Object.fromEntries(atDepth) }
}
