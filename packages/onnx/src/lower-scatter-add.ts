import { elementCount, type TensorOf, tensorValue } from '@takt/graph'
import { int64s } from './int64s.ts'
import type { Call, Lowered, Scope } from './lowered.ts'

/**
 * Adds rows to zeros. ScatterND is fast, but in ONNX Runtime 1.30 its threads add to one row at once and lose updates,
 * so that it serves distinct indices alone; ScatterElements adds in order, element by element.
 */
export function lowerScatterAdd(
  { dtype, shape, inputs: [, indices], attributes: { distinct } }: TensorOf<'scatterAdd'>,
  { inputs: [updates = '', indexed = ''], output }: Scope,
): Lowered {
  const [, ...row] = shape
  const count = elementCount(indices.shape)
  const part = (role: string) => `${output}%${role}`
  const call = (type: string, inputs: readonly string[], result: string): Call => {
    return { type, inputs, outputs: [result], attributes: {} }
  }
  const prepared = [
    call('Expand', [part('zero'), part('shape')], part('zeros')),
    call('Reshape', [updates, part('rowsShape')], part('rows')),
    call('Reshape', [indexed, part('placesShape')], part('places')),
  ]
  const everyPlace = call('Expand', [part('places'), part('rowsShape')], part('everyPlace'))
  const add = (type: string, places: string): Call => {
    return { ...call(type, [part('zeros'), places, part('rows')], output), attributes: { reduction: 'add' } }
  }
  return {
    initializers: [
      { name: part('zero'), value: tensorValue({ dtype, shape: [] }, [0]) },
      { name: part('shape'), value: int64s(shape) },
      { name: part('rowsShape'), value: int64s([count, ...row]) },
      { name: part('placesShape'), value: int64s([count, ...(distinct ? [1] : row.map(() => 1))]) },
    ],
    calls: distinct
      ? [...prepared, add('ScatterND', part('places'))]
      : [...prepared, everyPlace, add('ScatterElements', part('everyPlace'))],
  }
}
