import { type Graph, type TensorValue, tensorValue } from '@takt/graph'
import type { Runtime, Tensors } from '@takt/runtime'
import { emitModel } from '../src/emit-model.ts'
import { SHIFT } from './operator-cases.ts'

/** Runs a graph once for each of `feeds`, in float32 or float64; the parameter `shift` holds SHIFT. */
export async function runGraph(
  runtime: Runtime,
  graph: Graph,
  feeds: readonly Readonly<Record<string, TensorValue>>[],
): Promise<readonly Tensors[]> {
  const parameters = graph.tensors.flatMap(tensor => (tensor.operator === 'parameter' ? [tensor] : []))
  const values = parameters.map(({ dtype, attributes: { name } }) => [name, tensorValue({ dtype, shape: [3] }, SHIFT)])
  const session = await runtime.load(emitModel(graph, Object.fromEntries(values)))
  const outputs: Tensors[] = []
  for (const feed of feeds) outputs.push(await runtime.run(session, feed))
  await runtime.unload(session)
  return outputs
}
