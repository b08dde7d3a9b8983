import { type TensorValue, tensorValue } from '@takt/graph'
import { type Named, warmupCosine } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'

export type CallPlan = {
  readonly calls: number
  readonly stepsPerCall: number
  readonly peakRate: number
  readonly warmupSteps: number
  readonly decay: number
}

/**
 * What each call of a run is fed: a batch a step, drawn in the order of the steps and stacked to `[steps, …]`, with the
 * step's rate, decay and number.
 */
export function* trainingCalls<Name extends string>(
  { calls, stepsPerCall, peakRate, warmupSteps, decay }: CallPlan,
  shapes: Readonly<Record<Name, readonly number[]>>,
  drawBatch: () => Readonly<Record<Name, Float32Array>>,
): Generator<NamedTensors> {
  const steps = calls * stepsPerCall
  const rate = warmupCosine({ peak: peakRate, warmupSteps, steps })
  for (let done = 0; done < steps; done += stepsPerCall) {
    const numbers = Array.from({ length: stepsPerCall }, (_, i) => done + i + 1)
    const batches = numbers.map(drawBatch)
    yield {
      ...stacked(batches, shapes),
      rate: scalars(numbers.map(rate)),
      decay: scalars(numbers.map(() => decay)),
      step: scalars(numbers),
    }
  }
}

const scalars = (numbers: readonly number[]): TensorValue =>
  tensorValue({ dtype: 'float32', shape: [numbers.length] }, numbers)

function stacked<Name extends string>(
  batches: readonly Readonly<Record<Name, Float32Array>>[],
  shapes: Readonly<Record<Name, readonly number[]>>,
): Named<TensorValue> {
  return Object.fromEntries(
    (Object.entries(shapes) as [Name, readonly number[]][]).map(([name, shape]) => {
      const parts = batches.map(batch => batch[name])
      const data = new Float32Array(parts.length * parts[0]!.length)
      for (const [index, part] of parts.entries()) data.set(part, index * part.length)
      return [name, { dtype: 'float32', shape: [parts.length, ...shape], data } as const]
    }),
  )
}
