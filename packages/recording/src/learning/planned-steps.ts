import type { NamedTensors } from '@takt/onnx'
import type { Checkpoint, TrainingRun } from '@takt/runtime'

/** Steps that say how long one takes, after the first, which compiles. */
const MEASURED = 3

/** Of the time that is left: the rate is to fall to its end. */
const PLANNED = 0.95

interface Planned {
  readonly from: Checkpoint
  /** Of one step. */
  readonly inputs: NamedTensors
  readonly leftMs: () => number
}

/** Steps that there is time for, one at least, as some take on this machine; the run is then at `from` again. */
export async function plannedSteps(run: TrainingRun, { from, inputs, leftMs }: Planned): Promise<number> {
  const took: number[] = []
  for (let i = 0; i <= MEASURED; i++) took.push((await run.advance(inputs)).metrics.runMs)
  await run.restore(from)
  const stepMs = took.slice(1).toSorted((a, b) => a - b)[Math.floor(MEASURED / 2)]!
  return Math.max(1, Math.floor((PLANNED * leftMs()) / stepMs))
}
