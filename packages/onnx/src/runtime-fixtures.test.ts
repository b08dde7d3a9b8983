import {
  add,
  cast,
  gemm,
  gradients,
  input,
  loop,
  matmul,
  mean,
  mul,
  scalar,
  sub,
  type Tensor,
  traceGraph,
} from '@takt/graph'
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
  descent,
}

/** A stand-in for an encoder: the mean of each of a clip's 3 frames of 4 bytes. */
function encoder(batch: number): Readonly<Record<string, Tensor>> {
  const frames = input('frames', { dtype: 'uint8', shape: [batch, 3, 4] })
  return { features: cast(mean(cast(frames, 'float32'), [2]), 'float16') }
}

/**
 * Four steps of gradient descent with momentum on a linear layer, loss = mean (x·wᵀ − target)², x = frames / 255:
 * velocity ← .9 velocity + ∂loss/∂w, w ← w − rate · velocity.
 */
function descent(): Readonly<Record<string, Tensor>> {
  const float32 = (name: string, shape: readonly number[]) => input(name, { dtype: 'float32', shape })
  const { last, collected } = loop({
    trips: 4,
    initial: { weight: float32('weight', [2, 3]), velocity: float32('velocity', [2, 3]) },
    each: {
      frames: input('frames', { dtype: 'uint8', shape: [4, 8, 3] }),
      target: float32('targets', [4, 8, 2]),
      rate: float32('rates', [4]),
    },
    fixed: {},
    step: ({ weight, velocity }, { frames, target, rate }) => {
      const x = mul(cast(frames, 'float32'), scalar(1 / 255))
      const error = sub(gemm([x, weight], { transposeB: true }), target)
      const loss = mean(mul(error, error), [0, 1])
      const [slope] = gradients(loss, [weight])
      const faster = add(mul(velocity, scalar(0.9)), slope!)
      return { next: { weight: sub(weight, mul(rate, faster)), velocity: faster }, collected: { loss } }
    },
  })
  return { 'next.weight': last.weight, 'next.velocity': last.velocity, loss: collected.loss }
}

test.each(Object.entries(fixtures))(
  'the runtime package holds the model %s as it is emitted here',
  async (name, outputs) => {
    const model = Buffer.from(emitModel(traceGraph(outputs()), {}))
    await expect(model.toString('base64')).toMatchFileSnapshot(`../../runtime/src/fixtures/${name}.onnx.base64`)
  },
)
