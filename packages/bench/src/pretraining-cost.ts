import type { Benchmark, Figures } from './benchmark.ts'
import { median } from './measure/quantile.ts'
import { significant } from './measure/round.ts'
import { productForms } from './train-step/matrix-products.ts'
import { openTakt } from './train-step/takt-contender.ts'
import { clipsOf, plantEncoder, tiny, trainerOf, vitB, vitS, type Workload } from './train-step/workload.ts'

const workloads = { plantEncoder, vitS, vitB } as const

/** Of one step; the first one also finds its memory. */
const warmUpSteps = 1

/** What pre-training by VideoMAE takes, by encoder: CPU a clip and memory, from which hours on any device follow. */
export const pretrainingCost: Benchmark = {
  about: 'CPU-seconds, core-hours per million clips and memory of pre-training by VideoMAE, by encoder',
  run: async ({ quick, say, signal }) => {
    const steps = quick ? 2 : 6
    const found: Record<string, Figures> = {}
    for (const [name, workload] of Object.entries(quick ? { tiny } : workloads)) {
      found[name] = await costOf(workload, { steps, signal })
      say(`${name}: ${JSON.stringify(found[name])}`)
    }
    return { steps, ...found }
  },
}

/** CPU rather than time: it says the same on a machine that does other work besides. */
async function costOf(
  workload: Workload,
  { steps, signal }: { readonly steps: number; readonly signal: AbortSignal },
): Promise<Figures> {
  const { trainer, state } = trainerOf(workload, { stepsPerCall: 1 })
  await using contender = await openTakt(trainer.model(), state, { threads: 1, signal })
  const frames = clipsOf(workload, trainer)
  const cpuSeconds: number[] = []
  for (let firstStep = 0; firstStep < warmUpSteps + steps; firstStep++) {
    const { metrics } = await contender.run.advance(trainer.inputs({ firstStep, frames }))
    if (firstStep >= warmUpSteps) cpuSeconds.push(metrics.cpuSeconds)
  }
  const perClip = median(cpuSeconds) / workload.batch
  const flops = productForms(trainer.graph()).reduce((sum, { count, flops }) => sum + count * flops, 0)
  return {
    batch: workload.batch,
    cpuSecondsPerStep: significant(median(cpuSeconds)),
    gigaflopsPerClip: significant(flops / workload.batch / 1e9),
    coreHoursPerMillionClips: significant((perClip * 1e6) / 3600),
    peakMegabytes: Math.round(await contender.peakMegabytes()),
  }
}
