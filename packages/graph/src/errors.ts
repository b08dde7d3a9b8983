import { printOrigin } from './origin.ts'
import type { Operator, Tensor } from './tensor.ts'
import { printType } from './tensor-value.ts'

/** What is composed of operators, but knows better than they what its operands have to be. */
export type Composed = 'conv1d' | 'sampleAffine'

interface Rejection {
  readonly operator: Operator | Composed
  readonly inputs: readonly Tensor[]
  readonly reason: string
}

/** Every way a graph can be refused; none is retryable, because a graph is a pure function of its source. */
const messages = {
  /** Operands whose shapes, element types or attributes an operator does not take. */
  bad_operands: ({ operator, inputs, reason }: Rejection) =>
    [`${operator}: ${reason}`, ...inputs.map(printOperand)].join('\n'),
  /** An input, parameter or output name that could not stand in a file or a printed graph. */
  bad_name: ({ name }: { readonly name: string }) =>
    `name ${JSON.stringify(name)} must be letters, digits, "_" and ".", not starting with a digit or "."`,
  /** Two leaves, or a leaf and an output, of one graph under one name. */
  duplicate_name: ({ name, tensors }: { readonly name: string; readonly tensors: readonly Tensor[] }) =>
    [`name "${name}" is used for ${tensors.length} tensors`, ...tensors.map(printOperand)].join('\n'),
  bad_loss: ({ loss }: { readonly loss: Tensor }) =>
    ['a loss is one floating-point number, of shape []; this is', printOperand(loss)].join('\n'),
  /** A tensor that the loss does not depend on, or only through tensors that differentiation ends at. */
  no_gradient: ({ of, loss, ends }: { readonly of: Tensor; readonly loss: Tensor; readonly ends: readonly Tensor[] }) =>
    [
      'no gradient reaches',
      printOperand(of),
      'from the loss',
      printOperand(loss),
      ...(ends.length > 0 ? ['because differentiation ends at', ...ends.map(printOperand)] : ['which does not use it']),
    ].join('\n'),
  unknown_output: ({ name, known }: { readonly name: string; readonly known: readonly string[] }) =>
    `graph has no output "${name}"; it has ${known.join(', ')}`,
}

type Code = keyof typeof messages

export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: Code
  readonly retryable = false

  constructor(code: Code, message: string) {
    super(message)
    this.code = code
  }
}

export function graphError<C extends Code>(code: C, details: Parameters<(typeof messages)[C]>[0]): GraphError {
  return new GraphError(code, (messages[code] as (details: unknown) => string)(details))
}

function printOperand(tensor: Tensor): string {
  const isNamed = tensor.operator === 'input' || tensor.operator === 'parameter'
  const name = isNamed ? ` ${tensor.attributes.name}` : ''
  return `  ${tensor.operator}${name} ${printType(tensor)} made at ${printOrigin(tensor.origin)}`
}
