import type { Graph, Tensor } from '../tensor.ts'
import { printType } from '../tensor-value.ts'
import { rewriteGraph } from './rewrite-graph.ts'

/** Constants up to this many elements are compared by value, larger ones by identity. */
const COMPARED = 64

/** The same graph where equal operators on equal inputs with equal attributes are one tensor. */
export function shareSubexpressions(graph: Graph): Graph {
  return rewriteGraph(graph, () => {
    const firsts = new Map<string, Tensor>()
    const number = numbering()
    return tensor => {
      const key = [tensor.operator, ...describe(tensor, number)].join(' ')
      const first = firsts.get(key) ?? tensor
      firsts.set(key, first)
      return first
    }
  })
}

function describe(tensor: Tensor, number: (object: object) => number): readonly (string | number)[] {
  if (tensor.operator !== 'loop') return [...tensor.inputs.map(number), ...describeAttributes(tensor, number)]
  // The results of one run share its inputs and its body, and there may be as many of each as there is state.
  const { trips, body, result } = tensor.attributes
  return [number(tensor.inputs), trips, number(body), result]
}

function describeAttributes(tensor: Tensor, number: (object: object) => number): readonly string[] {
  if (tensor.operator === 'constant' && tensor.attributes.value.data.length <= COMPARED) {
    return [printType(tensor), Array.from<number | bigint, string>(tensor.attributes.value.data, printExactly).join()]
  }
  return Object.values(tensor.attributes).map(value =>
    typeof value !== 'object' ? `${value}` : Array.isArray(value) ? `[${value}]` : `#${number(value)}`,
  )
}

/** −0 and 0 are different constants. */
function printExactly(element: number | bigint): string {
  return Object.is(element, -0) ? '-0' : `${element}`
}

/** Numbers objects in the order in which they are first seen. */
function numbering(): (object: object) => number {
  const numbers = new Map<object, number>()
  return object => {
    const known = numbers.get(object) ?? numbers.size
    numbers.set(object, known)
    return known
  }
}
