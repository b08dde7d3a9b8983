import { add, float32, input, reshape, traceGraph } from '@takt/graph'
import { emitModel, type NamedTensors } from '@takt/onnx'
import { openTraining, type TrainingOptions, type TrainingRun } from '@takt/runtime'
import { benchError } from '../errors.ts'
import { peakMegabytes, residentMegabytes } from '../measure/process-memory.ts'
import type { Contender } from './contender.ts'

const limitBytes = 8 * 2 ** 30

export interface TaktOptions extends Pick<TrainingOptions, 'threads'> {
  readonly signal: AbortSignal
}

/** A training model in the runtime's child, from its state on; timed as its user sees it, batches handed over included. */
export async function openTakt(
  model: Uint8Array,
  state: NamedTensors,
  options: TaktOptions,
): Promise<Contender & { readonly run: TrainingRun }> {
  const idle = await idleMegabytes(options)
  const run = await openTraining({ provider: 'cpu', ...options, model, from: { step: 0, state }, limitBytes })
  return {
    run,
    advance: async ({ inputs }) => {
      const startedMs = performance.now()
      const { losses, metrics } = await run.advance(inputs)
      const seconds = (performance.now() - startedMs) / 1000
      return { seconds, cpuSeconds: metrics.cpuSeconds, losses: Array.from(losses.loss!.data, Number) }
    },
    peakMegabytes: async () => (await peakMegabytes(pidOf(run))) - idle,
    [Symbol.asyncDispose]: () => run[Symbol.asyncDispose](),
  }
}

/** What a child holds that has added up two numbers. */
async function idleMegabytes(options: TaktOptions): Promise<number> {
  const scalar = { dtype: 'float32', shape: [] } as const
  const next = add(input('total', scalar), input('more', scalar))
  const model = emitModel(traceGraph({ 'next.total': next, loss: reshape(next, [1]) }), {})
  const from = { step: 0, state: { total: float32([], [0]) } }
  await using run = await openTraining({ provider: 'cpu', ...options, model, from, limitBytes })
  await run.advance({ more: float32([], [1]) })
  // Awaited here, since the child ends with this function.
  return await residentMegabytes(pidOf(run))
}

/** Throws `nothing-measured`. */
export function pidOf({ childPid }: Pick<TrainingRun, 'childPid'>): number {
  if (childPid === undefined) throw benchError('nothing-measured', { what: 'the training child has ended' })
  return childPid
}
