import { StepsError } from '../errors.ts'
import type { ProcessTree } from './process-tree.ts'

/**
 * A process as a Markov chain over states, a state being a step with what the process still remembers there: in a group
 * of any order, which parts are done. Several states may stand for one class.
 */
export type ProcessStates = {
  /** Class of each state. */
  readonly classOf: Int16Array
  /** P(first state), `[state]`. */
  readonly initial: Float64Array
  /** P(to | from), `[from, to]`; what a row lacks to 1 is `final`. */
  readonly next: Float64Array
  /** P(the process is over after the state), `[state]`. */
  readonly final: Float64Array
}

/** States a decoder can afford; a group of 7 single steps takes 448. */
const MOST_STATES = 512

/** The states that a process's tree allows. Throws `process_malformed`. */
export function processStates(tree: ProcessTree): ProcessStates {
  const { classOf, enter, exit, edges, skip } = fragmentOf(tree)
  if (classOf.length === 0 || skip > 0) refuse('it can be done without any step')
  const next = new Float64Array(classOf.length ** 2)
  for (const { from, to, chance } of edges) next[from * classOf.length + to]! += chance
  const spread = (list: readonly Chance[]) => {
    const dense = new Float64Array(classOf.length)
    for (const { state, chance } of list) dense[state]! += chance
    return dense
  }
  return { classOf: Int16Array.from(classOf), initial: spread(enter), next, final: spread(exit) }
}

type Chance = { readonly state: number; readonly chance: number }

/** Part of a process: how it is entered and left, and the chance `skip` that it has no step at all. */
type Fragment = {
  readonly classOf: readonly number[]
  readonly enter: readonly Chance[]
  readonly exit: readonly Chance[]
  readonly edges: readonly { readonly from: number; readonly to: number; readonly chance: number }[]
  readonly skip: number
}

const NOTHING: Fragment = { classOf: [], enter: [], exit: [], edges: [], skip: 1 }

function fragmentOf(tree: ProcessTree): Fragment {
  const fragment = fragments[tree.kind](tree as never)
  if (fragment.classOf.length > MOST_STATES) refuse(`it takes more than ${MOST_STATES} states`)
  return fragment
}

const fragments: { readonly [K in ProcessTree['kind']]: (tree: Extract<ProcessTree, { kind: K }>) => Fragment } = {
  step: ({ classIndex }) => {
    if (!(Number.isInteger(classIndex) && classIndex >= 0)) refuse(`${classIndex} is no class`)
    const only = [{ state: 0, chance: 1 }]
    return { classOf: [classIndex], enter: only, exit: only, edges: [], skip: 0 }
  },
  sequence: ({ parts }) => parts.map(fragmentOf).reduce(inSequence, NOTHING),
  optional: ({ part, chance }) => {
    const inner = fragmentOf(part)
    return { ...inner, enter: times(inner.enter, share(chance)), skip: 1 - chance + chance * inner.skip }
  },
  repeat: ({ part, again }) => {
    const inner = fragmentOf(part)
    // A turn without any step leaves no trace: turns until one has a step, or until there are no more.
    const turns = 1 / (1 - share(again) * inner.skip)
    const enter = times(inner.enter, turns)
    const back = inner.exit.flatMap(left => enter.map(to => edge(left, to, again)))
    const exit = times(inner.exit, (1 - again) * turns)
    return { ...inner, enter, exit, edges: [...inner.edges, ...back], skip: inner.skip * (1 - again) * turns }
  },
  anyOrder: ({ parts }) => inAnyOrder(parts.map(fragmentOf)),
}

function inSequence(a: Fragment, b: Fragment): Fragment {
  const after = shifted(b, a.classOf.length)
  return {
    classOf: [...a.classOf, ...after.classOf],
    enter: [...a.enter, ...times(after.enter, a.skip)],
    exit: [...times(a.exit, b.skip), ...after.exit],
    edges: [...a.edges, ...after.edges, ...a.exit.flatMap(left => after.enter.map(to => edge(left, to, 1)))],
    skip: a.skip * b.skip,
  }
}

/** A copy of every part for every set of parts that may still be left after it. */
function inAnyOrder(parts: readonly Fragment[]): Fragment {
  if (parts.length > 9) refuse(`${parts.length} parts in any order are too many`)
  const classOf: number[] = []
  const edges: Fragment['edges'][number][] = []
  const exit: Chance[] = []
  /** How a set of parts that are left, as bits, is gone on with; `skip` where none of them has a step. */
  const onward: { readonly enter: readonly Chance[]; readonly skip: number }[] = [{ enter: [], skip: 1 }]
  for (let left = 1; left < 2 ** parts.length; left++) {
    const choices = parts.flatMap((part, index) => (left & (1 << index) ? [{ part, rest: left & ~(1 << index) }] : []))
    const enter: Chance[] = []
    let skip = 0
    for (const { part, rest } of choices) {
      const copy = shifted(part, classOf.length)
      const then = onward[rest]!
      classOf.push(...copy.classOf)
      edges.push(...copy.edges, ...copy.exit.flatMap(from => then.enter.map(to => edge(from, to, 1))))
      exit.push(...times(copy.exit, then.skip))
      enter.push(...times(copy.enter, 1 / choices.length), ...times(then.enter, part.skip / choices.length))
      skip += (part.skip * then.skip) / choices.length
    }
    onward.push({ enter, skip })
    if (classOf.length > MOST_STATES) refuse(`it takes more than ${MOST_STATES} states`)
  }
  return { classOf, edges, exit, ...onward.at(-1)! }
}

function edge(from: Chance, to: Chance, chance: number) {
  return { from: from.state, to: to.state, chance: from.chance * to.chance * chance }
}

function times(list: readonly Chance[], factor: number): readonly Chance[] {
  return factor === 0 ? [] : list.map(({ state, chance }) => ({ state, chance: chance * factor }))
}

function shifted({ classOf, enter, exit, edges, skip }: Fragment, by: number): Fragment {
  const move = ({ state, chance }: Chance) => ({ state: state + by, chance })
  return {
    classOf,
    enter: enter.map(move),
    exit: exit.map(move),
    edges: edges.map(({ from, to, chance }) => ({ from: from + by, to: to + by, chance })),
    skip,
  }
}

function share(value: number): number {
  return value >= 0 && value < 1 ? value : refuse(`a chance of ${value} is not in [0, 1)`)
}

function refuse(reason: string): never {
  throw new StepsError('process_malformed', { reason })
}
