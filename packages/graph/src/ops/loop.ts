import { traceGraph } from '../graph.ts'
import { makeTensor, refuse } from '../make-tensor.ts'
import type { Attributes, Graph, Rule, Tensor, TensorOf } from '../tensor.ts'
import { printType, sameType, type TensorType } from '../tensor-value.ts'
import { input } from './input.ts'

export const loopRule: Rule<'loop'> = {
  type: (inputs, attributes) => {
    const { trips, body, result } = attributes
    requireRun(inputs, attributes)
    const { dtype, shape } = body.outputs[result]!
    return { dtype, shape: result.startsWith(COLLECTED) ? [trips, ...shape] : shape }
  },
  // Training steps run inside a loop, gradients and all; nothing is differentiated through one.
  gradient: 'none',
}

const NEXT = 'next.'
const COLLECTED = 'collected.'

/** Runs found sound, by their inputs, which all results of a run share: there are as many as there is state. */
const soundRuns = new WeakMap<readonly Tensor[], Run>()

type Run = Omit<Attributes<'loop'>, 'result'>

function requireRun(inputs: readonly Tensor[], run: Run): void {
  const sound = soundRuns.get(inputs)
  if (sound && runParts.every(part => sound[part] === run[part])) return
  const { trips, body, state } = run
  if (!Number.isSafeInteger(trips) || trips < 1) refuse('loop', inputs, `makes ${trips} trips, not 1 or more`)
  const bound = bindLeaves(inputs, run)
  for (const leaf of body.tensors) if (leaf.operator === 'input') requireBound(leaf, bound, inputs)
  for (const name of state) requireKept(name, bound.get(name)!, body, inputs)
  soundRuns.set(inputs, run)
}

const runParts = ['trips', 'body', 'state', 'each', 'fixed'] as const satisfies readonly (keyof Run)[]

/** The type that a step sees under each name: state and fixed tensors whole, stacks without their first axis. */
function bindLeaves(inputs: readonly Tensor[], { trips, state, each, fixed }: Run): ReadonlyMap<string, TensorType> {
  const names = [...state, ...each, ...fixed]
  if (new Set(names).size < names.length) refuse('loop', inputs, `names ${names.join(', ')} are not distinct`)
  const types = inputs.map((tensor, i) => {
    const { dtype, shape } = tensor
    if (i < state.length || i >= state.length + each.length) return { dtype, shape }
    if (shape[0] !== trips) refuse('loop', inputs, `stack "${names[i]}" does not hold ${trips} along its first axis`)
    return { dtype, shape: shape.slice(1) }
  })
  return new Map(names.map((name, i) => [name, types[i]!]))
}

function requireBound(leaf: TensorOf<'input'>, bound: ReadonlyMap<string, TensorType>, inputs: readonly Tensor[]) {
  const { name } = leaf.attributes
  const type = bound.get(name)
  if (!type) refuse('loop', [leaf], `a step uses "${name}" from outside; pass it by "each" or "fixed"`)
  if (!sameType(type, leaf)) refuse('loop', [leaf, ...inputs], `a step takes another "${name}" than ${printType(type)}`)
}

function requireKept(name: string, type: TensorType, { outputs }: Graph, inputs: readonly Tensor[]) {
  const next = outputs[NEXT + name]
  if (!next) refuse('loop', inputs, `a step gives no next "${name}"`)
  if (!sameType(next, type)) refuse('loop', [next, ...inputs], `a step's next "${name}" is not ${printType(type)}`)
}

type Named<Name extends string> = { readonly [N in Name]: Tensor }

interface Loop<State extends string, Each extends string, Fixed extends string, Collected extends string> {
  /** How many steps are made. */
  readonly trips: number
  /** The state before the first step. */
  readonly initial: Named<State>
  /** Stacks [trips, …]; step k sees element k. */
  readonly each: Named<Each>
  /** What every step sees whole. */
  readonly fixed: Named<Fixed>
  /** Builds one step from its leaves; it is called once. */
  readonly step: (
    state: Named<State>,
    each: Named<Each>,
    fixed: Named<Fixed>,
  ) => { readonly next: Named<State>; readonly collected: Named<Collected> }
}

/**
 * Makes `trips` steps in one run, handing each step's `next` to the one after it: the state after the last step,
 * and what the steps collected, stacked [trips, …]. A step reaches outer tensors only through its arguments.
 */
export function loop<State extends string, Each extends string, Fixed extends string, Collected extends string>({
  trips,
  initial,
  each,
  fixed,
  step,
}: Loop<State, Each, Fixed, Collected>): { readonly last: Named<State>; readonly collected: Named<Collected> } {
  const inputs = [initial, each, fixed].flatMap<Tensor>(named => Object.values(named))
  const element = ({ dtype, shape }: Tensor): TensorType => ({ dtype, shape: shape.slice(1) })
  const { next, collected } = step(
    mapNamed(initial, (x, name) => input(name, x)),
    mapNamed(each, (x, name) => input(name, element(x))),
    mapNamed(fixed, (x, name) => input(name, x)),
  )
  const attributes = {
    trips,
    body: traceGraph({ ...prefixed(NEXT, next), ...prefixed(COLLECTED, collected) }),
    state: Object.keys(initial),
    each: Object.keys(each),
    fixed: Object.keys(fixed),
  }
  const result = (name: string) => makeTensor('loop', loopRule, inputs, { ...attributes, result: name })
  return {
    last: mapNamed(initial, (_, name) => result(NEXT + name)),
    collected: mapNamed(collected, (_, name) => result(COLLECTED + name)),
  }
}

function mapNamed<Name extends string>(named: Named<Name>, f: (x: Tensor, name: Name) => Tensor): Named<Name> {
  const entries = Object.entries(named) as [Name, Tensor][]
  return Object.fromEntries(entries.map(([name, x]) => [name, f(x, name)])) as unknown as Named<Name>
}

function prefixed(prefix: string, named: Named<string>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(named).map(([name, x]) => [prefix + name, x]))
}
