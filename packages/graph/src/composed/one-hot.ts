import { cast } from '../ops/cast.ts'
import { equal } from '../ops/equal.ts'
import { range } from '../ops/range.ts'
import { reshape } from '../ops/reshape.ts'
import type { Tensor } from '../tensor.ts'
import type { FloatType } from '../tensor-value.ts'

/** y[…, j] = 1 where the index is j, else 0: int64 indices […] → […, classes]. An index out of range is a row of zeros. */
export function oneHot(indices: Tensor, classes: number, dtype: FloatType = 'float32'): Tensor {
  return cast(equal(reshape(indices, [...indices.shape, 1]), range(classes, 'int64')), dtype)
}
