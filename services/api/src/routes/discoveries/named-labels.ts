import type { WorkFound } from '@takt/db/discoveries'

/** A cycle's labels, seconds of the discovery's window. */
export interface NamedCycle {
  readonly startSeconds: number
  readonly endSeconds: number
  readonly labels: readonly { readonly step: string; readonly startSeconds: number; readonly endSeconds: number }[]
}

export interface NamedTask {
  readonly name: string
  readonly opensCycle: boolean
  /** Left out of a cycle. */
  readonly optional: boolean
  /** Done more than once in a cycle, with something between. */
  readonly repeats: boolean
}

/** A cycle less sure than this is not learnt from. */
const leastCertainty = 0.5

/** Whole, sure cycles as labels; neighbouring steps of one name are one label. */
export function namedCycles({ cycles }: WorkFound, names: ReadonlyMap<number, string>): readonly NamedCycle[] {
  return cycles
    .filter(({ whole, certainty }) => whole && certainty >= leastCertainty)
    .map(({ startSeconds, endSeconds, steps }) => {
      const labels: NamedCycle['labels'][number][] = []
      for (const { step, ...span } of steps) {
        const name = names.get(step)
        const before = labels.at(-1)
        if (name === undefined) continue
        if (before?.step === name && before.endSeconds === span.startSeconds)
          labels[labels.length - 1] = { ...before, endSeconds: span.endSeconds }
        else labels.push({ step: name, ...span })
      }
      return { startSeconds, endSeconds, labels }
    })
}

/** The tasks of labelled cycles, in the order of the steps named; the first one opens the cycle. */
export function namedTasks(cycles: readonly NamedCycle[], names: ReadonlyMap<number, string>): readonly NamedTask[] {
  const inOrder = [...new Set([...names].toSorted(([a], [b]) => a - b).map(([, name]) => name))]
  const times = (name: string) => cycles.map(({ labels }) => labels.filter(({ step }) => step === name).length)
  return inOrder.map((name, index) => ({
    name,
    opensCycle: index === 0,
    optional: index > 0 && times(name).includes(0),
    repeats: times(name).some(count => count > 1),
  }))
}
