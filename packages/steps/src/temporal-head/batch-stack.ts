import { type TensorValue, tensorValue } from '@takt/graph'
import type { Named } from '@takt/nn'

/** A number a step of training: `[steps]`. */
export const scalars = (numbers: readonly number[]): TensorValue =>
  tensorValue({ dtype: 'float32', shape: [numbers.length] }, numbers)

/** Batches of the given shapes one after the other, as a call of training takes them: `[steps, …]`. */
export function stacked<Name extends string>(
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
