import type { Graph } from './graph.ts'
import type { Tensor } from './tensor.ts'
import { tensorNames } from './tensor-names.ts'
import { printType, type TensorValue } from './tensor-value.ts'

/** Constants up to this many elements are printed whole. */
const WHOLE = 4
const DIGITS = 6

/** One line a tensor, `%3: float32[2, 4] = softmax(%2, axis: 1)`, then one an output. */
export function printGraph(graph: Graph): string {
  const names = tensorNames(graph)
  const lines = graph.tensors.map(tensor => `${names.get(tensor)}: ${printType(tensor)} = ${printCall(tensor, names)}`)
  const outputs = Object.entries(graph.outputs).map(([name, tensor]) => `return ${name} = ${names.get(tensor)}`)
  return [...lines, ...outputs].join('\n')
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
