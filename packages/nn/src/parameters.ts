import { input, parameter, type Shape, type Tensor, type TensorValue } from '@takt/graph'
import { nnError } from './errors.ts'
import type { Initialiser } from './initialisers.ts'
import type { Named } from './named.ts'
import { random } from './random.ts'

/** One learnt tensor of a network: float32, named by its path in the tree. */
export interface Declaration {
  readonly name: string
  readonly shape: Shape
  readonly initialiser: Initialiser
}

/**
 * What a network's tree of parameters is read as. Each layer declares its tree once, as a function of `Leaf`;
 * with `tensorLeaf` it is the tensors of a graph, with `initialLeaf` their first values.
 */
export type Leaf<T> = (declaration: Declaration) => T

/** Declares below `path`. */
export function below<T>(path: string, leaf: Leaf<T>): Leaf<T> {
  return declaration => leaf({ ...declaration, name: `${path}.${declaration.name}` })
}

export const tensorLeaf: Leaf<Tensor> = ({ name, shape }) => parameter(name, { dtype: 'float32', shape })

/** The tensors of a graph whose parameters are fed, as those that are being learnt are. */
export const inputLeaf: Leaf<Tensor> = ({ name, shape }) => input(name, { dtype: 'float32', shape })

/** The tree whose leaves are `values`, by name; one that is not there throws `unmatched_names`. */
export function leafOf<T>(values: Named<T>): Leaf<T> {
  return ({ name }) => {
    if (!Object.hasOwn(values, name)) throw nnError('unmatched_names', { role: 'values', missing: [name], extra: [] })
    return values[name]!
  }
}

/** Each parameter draws from a stream of its own, so that one more layer changes no other. */
export function initialLeaf(seed: number): Leaf<TensorValue> {
  return ({ name, shape, initialiser }) => ({
    dtype: 'float32',
    shape,
    data: initialiser(shape, random(seed, name)),
  })
}

/** All leaves of a tree by name, in the order of their declaration. */
export function namedLeaves<T>(declare: (leaf: Leaf<T>) => unknown, leaf: Leaf<T>): Named<T> {
  const leaves: [name: string, value: T][] = []
  declare(declaration => {
    const value = leaf(declaration)
    leaves.push([declaration.name, value])
    return value
  })
  return Object.fromEntries(leaves)
}
