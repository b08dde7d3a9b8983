import { expect, test } from 'vitest'
import { input } from '../ops/input.ts'
import type { Tensor } from '../tensor.ts'
import type { Shape } from '../tensor-value.ts'
import { conv1d } from './conv1d.ts'
import { sampleAffine } from './sample-affine.ts'

const of = (name: string, shape: Shape) => input(name, { dtype: 'float32', shape })
const sample = (frames: Shape, transforms: Shape) =>
  sampleAffine(of('frames', frames), of('transforms', transforms), { height: 2, width: 2 })

const refusals: readonly (readonly [expected: string, make: () => Tensor])[] = [
  ['conv1d: takes x [batch, channels, times] and weight', () => conv1d(of('x', [3, 8]), of('w', [2, 3, 3]))],
  ['conv1d: channels differ: 3 and 5', () => conv1d(of('x', [1, 3, 8]), of('w', [2, 5, 3]))],
  [
    'conv1d: 3 taps 4 apart do not fit into 7 times',
    () => conv1d(of('x', [1, 3, 6]), of('w', [2, 3, 3]), { dilation: 4, before: 1 }),
  ],
  ['sampleAffine: takes frames [batch, count, height, width, channels]', () => sample([2, 4, 4, 3], [2, 2, 3])],
  ['and transforms [batch, 2, 3]', () => sample([2, 1, 4, 4, 3], [1, 2, 3])],
]

test.each(refusals)('a composed function refuses by its own name: %s', (expected, make) => {
  expect(make).toThrow(expected)
})
