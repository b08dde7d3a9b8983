import { type Tensor, type TensorValue, toNumbers, traceGraph } from '@takt/graph'
import { mapNamed, type Named } from '@takt/nn'
import { emitModel } from '@takt/onnx'
import type { Runtime } from '@takt/runtime'

/** The numbers of each output, for what its inputs are fed. */
export async function evaluate(
  runtime: Runtime,
  outputs: Named<Tensor>,
  feeds: Named<TensorValue> = {},
): Promise<Named<readonly number[]>> {
  const session = await runtime.load(emitModel(traceGraph(outputs), {}))
  const values = await runtime.run(session, feeds)
  await runtime.unload(session)
  return mapNamed(values, value => toNumbers(value as TensorValue))
}
