import { fixedCountChangePoints, medianGamma, pelt, rbfCosts, squaredErrorCosts } from '@takt/steps'
import type { Figures } from '../benchmark.ts'
import type { PythonRival } from '../python/python-rival.ts'
import { drawSignal, share } from './decode-material.ts'
import { takeTurns } from './take-turns.ts'

export interface ChangePointSizes {
  readonly samples: number
  readonly dim: number
  readonly rounds: number
}

const leastSize = 5

/** PELT beside ruptures' Pelt, which is Python, and kernel detection beside its KernelCPD, which is C. */
export async function compareChangePoints(
  rival: PythonRival,
  folder: string,
  { samples, dim, rounds }: ChangePointSizes,
): Promise<Figures> {
  const values = drawSignal({ samples, dim, seed: 2 })
  const signal = { values, dim }
  const { file, shape } = await share(folder, `signal-${dim}`, values, [samples, dim])
  // Both find the kernel's width themselves, inside the time.
  const rbf = () => rbfCosts(signal, medianGamma(signal))
  const l2 = () => squaredErrorCosts(signal)
  const [l2Penalty, rbfPenalty] = [3 * dim * Math.log(samples), 2]
  const count = Math.round(samples / 100)
  const compare = (ours: () => readonly number[], question: object, turns = rounds) =>
    takeTurns(
      {
        ours,
        rival: () =>
          rival.ask<{ seconds: number; result: readonly number[] }>({
            ...question,
            leastSize,
            values: { file, shape },
          }),
        agree: (a, b) => a.length === b.length && a.every((at, index) => at === b[index]),
      },
      turns,
    )
  const penalised = (penalty: number) => ({ penalty, leastSize })
  return {
    samples,
    dim,
    changes: pelt(l2(), penalised(l2Penalty)).length,
    pelt: await compare(() => pelt(l2(), penalised(l2Penalty)), { task: 'pelt', cost: 'l2', penalty: l2Penalty }, 3),
    peltRbf: await compare(
      () => pelt(rbf(), penalised(rbfPenalty)),
      { task: 'pelt', cost: 'rbf', penalty: rbfPenalty },
      3,
    ),
    kernelLinear: await compare(() => pelt(l2(), penalised(l2Penalty)), {
      task: 'kernel',
      kernel: 'linear',
      penalty: l2Penalty,
    }),
    kernelRbf: await compare(() => pelt(rbf(), penalised(rbfPenalty)), {
      task: 'kernel',
      kernel: 'rbf',
      penalty: rbfPenalty,
    }),
    kernelRbfByCount: await compare(() => fixedCountChangePoints(rbf(), { changeCount: count, leastSize }), {
      task: 'kernel',
      kernel: 'rbf',
      count,
    }),
  }
}
