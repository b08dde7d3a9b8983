import { loopRuns } from './loop-runs.ts'
import type { Graph, Tensor, TensorOf } from './tensor.ts'
import { tensorNames } from './tensor-names.ts'
import { printType, type TensorValue } from './tensor-value.ts'

/** Constants up to this many elements are printed whole. */
const WHOLE = 4
const DIGITS = 6

/**
 * One line a tensor, `%3: float32[2, 4] = softmax(%2, axis: 1)`, then one an output. A loop's body follows its first
 * result, indented; its other results name the first.
 */
export function printGraph(graph: Graph): string {
  const names = tensorNames(graph)
  const calls = new Map([...printLoops(graph, names)])
  const lines = graph.tensors.map(
    tensor => `${names.get(tensor)}: ${printType(tensor)} = ${calls.get(tensor) ?? printCall(tensor, names)}`,
  )
  const outputs = Object.entries(graph.outputs).map(([name, tensor]) => `return ${name} = ${names.get(tensor)}`)
  return [...lines, ...outputs].join('\n')
}

function* printLoops(graph: Graph, names: ReadonlyMap<Tensor, string>): Generator<readonly [Tensor, string]> {
  for (const [first, results] of loopRuns(graph)) {
    for (const tensor of results) yield [tensor, `${names.get(first)}'s ${tensor.attributes.result}`]
    yield [first, printLoop(results[0]!, names)]
  }
}

/** `loop(trips: 3, state: (w: %1), each: (x: xs), fixed: (), result: next.w) {`, the body, `}`. */
function printLoop({ inputs, attributes }: TensorOf<'loop'>, names: ReadonlyMap<Tensor, string>): string {
  const { trips, body, state, each, fixed, result } = attributes
  const sources = inputs.map(input => names.get(input))
  const take = (leaves: readonly string[]) => leaves.map(leaf => `${leaf}: ${sources.shift()}`).join(', ')
  const bound = `state: (${take(state)}), each: (${take(each)}), fixed: (${take(fixed)})`
  const indented = printGraph(body).replaceAll(/^/gm, '  ')
  return `loop(trips: ${trips}, ${bound}, result: ${result}) {\n${indented}\n}`
}

function printCall(tensor: Tensor, names: ReadonlyMap<Tensor, string>): string {
  const inputs = tensor.inputs.map(input => names.get(input))
  return `${tensor.operator}(${[...inputs, ...printAttributes(tensor)].join(', ')})`
}

/** A leaf's name and a result's shape stand on the line already. */
function printAttributes(tensor: Tensor): readonly string[] {
  switch (tensor.operator) {
    case 'input':
    case 'parameter':
    case 'reshape':
    case 'expand':
      return []
    case 'constant':
      return [printValue(tensor.attributes.value)]
    default:
      return Object.entries(tensor.attributes).flatMap(printAttribute)
  }
}

/** `axis: 1`, `axes: [3, 5]`; a flag is named when it is set. */
function printAttribute([name, value]: readonly [string, unknown]): readonly string[] {
  if (typeof value === 'boolean') return value ? [name] : []
  return [`${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`]
}

function printValue({ data }: TensorValue): string {
  const shown = Array.from<number | bigint, string>(data.subarray(0, WHOLE), printElement).join(', ')
  return data.length > WHOLE ? `${shown}, …` : shown
}

function printElement(element: number | bigint): string {
  return typeof element === 'bigint' ? `${element}` : `${Number(element.toPrecision(DIGITS))}`
}
