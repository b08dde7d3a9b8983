import { elementCount, float32, type Graph } from '@takt/graph'
import { emitModel } from '@takt/onnx'
import type { Contender } from './contender.ts'
import { openTakt, type TaktOptions } from './takt-contender.ts'

/** Products of a call's steps, in a child like the step's own; only the run is timed, not what hands the operands over. */
export async function openProducts(graph: Graph, options: TaktOptions): Promise<Contender> {
  const leaves = graph.tensors.flatMap(tensor => (tensor.operator === 'input' ? [tensor] : []))
  // Small, so that the sum over all calls stays finite.
  const filled = leaves.map(({ shape, attributes: { name } }) => {
    return [name, float32(shape, new Float32Array(elementCount(shape)).fill(1e-3))] as const
  })
  const { total, ...operands } = Object.fromEntries(filled)
  const child = await openTakt(emitModel(graph, {}), { total: total! }, options)
  return {
    ...child,
    advance: async () => {
      const { metrics } = await child.run.advance(operands)
      return { seconds: metrics.runMs / 1000, cpuSeconds: metrics.cpuSeconds, losses: [] }
    },
  }
}
