import { readFile } from 'node:fs/promises'
import {
  type Graph,
  gradients,
  input,
  isFloat,
  mul,
  sum,
  type Tensor,
  type TensorValue,
  tensorValue,
  toNumbers,
  traceGraph,
} from '@takt/graph'
import type { NamedTensors } from '../src/emit-model.ts'
import { decodeSafetensors } from '../src/safetensors.ts'
import { type Build, composedCases, goldenCases } from './golden-cases.ts'

interface GoldenGraph {
  /** Its outputs: the value `y`, and `da`, `db` … where the golden file has gradients. */
  readonly graph: Graph
  readonly feeds: NamedTensors
  readonly expected: NamedTensors
}

/** From golden/operators.py. */
export const golden = decodeSafetensors(
  await readFile(new URL('../golden/operators.safetensors', import.meta.url)),
).tensors

/** All cases under their names in the golden file. */
export const namedCases: readonly (readonly [name: string, build: Build])[] = Object.entries({
  ...goldenCases,
  ...composedCases,
}).flatMap(([operator, cases]) =>
  typeof cases === 'function'
    ? [[operator, cases] as const]
    : Object.entries(cases).map(([name, build]) => [`${operator}/${name}`, build] as const),
)

/** A case in float32 or float64, with what it is fed and what it gives in PyTorch. */
export function goldenGraph(name: string, build: Build, dtype: 'float32' | 'float64'): GoldenGraph {
  const inType = (value: TensorValue) =>
    isFloat(value.dtype) ? tensorValue({ dtype, shape: value.shape }, toNumbers(value)) : value
  const { y: value, dy, a, b, c, ...slopes } = partsOf(name)
  const given = Object.entries({ a, b, c, dy }).flatMap(([leaf, value]) =>
    value ? [[leaf, inType(value)] as const] : [],
  )
  const leaves = given.filter(([leaf]) => leaf !== 'dy').map(([leaf, value]) => [leaf, input(leaf, value)] as const)
  const y = build(...(leaves.map(([, tensor]) => tensor) as [Tensor, Tensor, Tensor]))
  const learnt = leaves.filter(([, { dtype }]) => isFloat(dtype))
  const found = dy ? slopesOf(y, input('dy', inType(dy)), learnt) : {}
  return { graph: traceGraph({ y, ...found }), feeds: Object.fromEntries(given), expected: { y: value!, ...slopes } }
}

/** ∂(Σ y·d)/∂leaf of each leaf a, as `da`. */
function slopesOf(
  y: Tensor,
  d: Tensor,
  leaves: readonly (readonly [name: string, leaf: Tensor])[],
): Readonly<Record<string, Tensor>> {
  const loss = y.shape.length === 0 ? mul(y, d) : sum(mul(y, d), [...y.shape.keys()])
  const found = gradients(
    loss,
    leaves.map(([, leaf]) => leaf),
  )
  return Object.fromEntries(found.map((slope, i) => [`d${leaves[i]![0]}`, slope]))
}

function partsOf(name: string): NamedTensors {
  const parts = Object.entries(golden).filter(([part]) => part.slice(0, part.lastIndexOf('/')) === name)
  return Object.fromEntries(parts.map(([part, value]) => [part.slice(name.length + 1), value]))
}
