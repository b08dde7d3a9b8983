import { describe, expect, it } from 'vitest'
import { decodeAll } from '../test/decode-all.ts'
import { BENCH, benchClasses, recordBench } from '../test/synthetic.ts'
import { fitHead } from './fit-head.ts'
import type { StepHead } from './step-head.ts'
import type { TimeStep } from './time-step.ts'

/** Learnt from three cycles of work that is easy to see. */
async function benchHead(): Promise<StepHead> {
  const bench = { ...BENCH, noise: 1 }
  return (await fitHead({ sequences: [recordBench(bench, 3, 1)], classes: benchClasses(bench) })).head
}

describe('evidence', () => {
  it('is not weak where work is seen, and is where the features say nothing', async () => {
    const head = await benchHead()
    const { steps } = recordBench({ ...BENCH, noise: 1 }, 3, 2)
    const clear = decodeAll(head, steps).filter(({ censoredStart, censoredEnd }) => !censoredStart && !censoredEnd)
    expect(clear.length).toBeGreaterThan(10)
    expect(clear.filter(({ weak }) => weak).length / clear.length).toBeLessThan(0.1)

    // The mean of all that was seen: every class is as likely as the next.
    const blank = meanOf(steps)
    const torn = steps.map((step, at) => (at >= 100 && at < 300 ? blank : step))
    const inside = decodeAll(head, torn).filter(({ startStep, endStep }) => startStep >= 110 && endStep <= 290)
    for (const { weak, durationSdSeconds, startStep, endStep } of inside) {
      const isWide = 1.645 * durationSdSeconds! > (endStep - startStep) / 4 / 3
      expect(weak || isWide).toBe(true)
    }
  }, 20_000)
})

function meanOf(steps: readonly TimeStep[]): TimeStep {
  const vectors = steps.flatMap(step => (step.kind === 'observed' ? [step.views.front!] : []))
  const mean = vectors[0]!.map((_, j) => vectors.reduce((sum, x) => sum + x[j]!, 0) / vectors.length)
  return { kind: 'observed', views: { front: mean } }
}
