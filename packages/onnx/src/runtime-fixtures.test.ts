import { cast, input, matmul, mean, mul, scalar, type Tensor, traceGraph } from '@takt/graph'
import { expect, test } from 'vitest'
import { emitModel } from './emit-model.ts'

/** Models that the runtime's tests run; that package cannot emit them, because this one's tests depend on it. */
const fixtures: Readonly<Record<string, () => Readonly<Record<string, Tensor>>>> = {
  /** y = 2x, [2]. */
  double: () => ({ y: mul(input('x', { dtype: 'float32', shape: [2] }), scalar(2)) }),
  /** y = x²⁰⁰, a matrix power of [512, 512]: seconds of work for one thread. */
  slow: () => {
    const x = input('x', { dtype: 'float32', shape: [512, 512] })
    let y = x
    for (let power = 1; power < 200; power++) y = matmul(y, x)
    return { y }
  },
  'encoder-1': () => encoder(1),
  'encoder-4': () => encoder(4),
}

/** A stand-in for an encoder: the mean of each of a clip's 3 frames of 4 bytes. */
function encoder(batch: number): Readonly<Record<string, Tensor>> {
  const frames = input('frames', { dtype: 'uint8', shape: [batch, 3, 4] })
  return { features: cast(mean(cast(frames, 'float32'), [2]), 'float16') }
}

test.each(Object.entries(fixtures))(
  'the runtime package holds the model %s as it is emitted here',
  async (name, outputs) => {
    const model = Buffer.from(emitModel(traceGraph(outputs()), {}))
    await expect(model.toString('base64')).toMatchFileSnapshot(`../../runtime/src/fixtures/${name}.onnx.base64`)
  },
)
