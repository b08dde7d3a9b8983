import type { NamedTensors } from '@takt/onnx'
import { openTraining } from '@takt/runtime'
import type { TrainingRun } from '../src/temporal-head/head-training.ts'

/** Makes a run's steps in a child process, as a caller with a runtime does. */
export async function trainInChild({ model, initial, calls }: TrainingRun): Promise<NamedTensors> {
  const from = { step: 0, state: initial }
  await using run = await openTraining({ provider: 'cpu', threads: 1, limitBytes: 2 ** 29, model, from })
  for (const inputs of calls) await run.advance(inputs)
  return (await run.checkpoint()).state
}
