/** What a process says of a task, as a cycle is judged by it. */
export interface TaskRule {
  readonly name: string
  readonly optional: boolean
  /** Whether it may be done more than once in a cycle. */
  readonly repeats: boolean
  /** Neighbouring tasks that name the same group are done in any order. */
  readonly anyOrderGroup: string | null
}

/** How the steps of a cycle differ from what the process prescribes; names of tasks. */
export interface StepFlags {
  /** Expected steps that did not occur, optional ones aside. Of an open cycle: not yet. */
  readonly missingSteps: readonly string[]
  /** Steps that occurred more than once. */
  readonly repeatedSteps: readonly string[]
  /** Steps that were left and gone on with, nothing else being done in between. Their parts are one step. */
  readonly interruptedSteps: readonly string[]
  /** Steps that were done again beyond that, though the process does not repeat them, or does not know them. */
  readonly extraSteps: readonly string[]
  /** Steps that first occurred after one which they should precede. */
  readonly outOfOrder: readonly string[]
}

/** Judges the steps of a cycle, in the order in which they occurred. */
export function judgeSteps(names: readonly string[], rules: readonly TaskRule[]): StepFlags {
  const occurred = [...new Set(names)]
  const ruleOf = new Map(rules.map(rule => [rule.name, rule]))
  const repeats = (name: string) => ruleOf.get(name)?.repeats ?? false
  const resumed = names.filter((name, i) => name === names[i - 1] && !repeats(name))
  // A step and its resumptions are one occurrence.
  const whole = names.filter((name, i) => name !== names[i - 1])
  return {
    missingSteps: rules.filter(({ name, optional }) => !optional && !names.includes(name)).map(({ name }) => name),
    repeatedSteps: occurred.filter(name => names.indexOf(name) !== names.lastIndexOf(name)),
    interruptedSteps: [...new Set(resumed)],
    extraSteps: occurred.filter(name => {
      return !ruleOf.has(name) || (!repeats(name) && whole.indexOf(name) !== whole.lastIndexOf(name))
    }),
    outOfOrder: outOfOrder(occurred, rules),
  }
}

/** Tasks of one group share a place in the order. */
function outOfOrder(occurred: readonly string[], rules: readonly TaskRule[]): readonly string[] {
  const placeOf = new Map<string, number>()
  for (const [index, { name, anyOrderGroup }] of rules.entries()) {
    const first = anyOrderGroup === null ? index : rules.findIndex(rule => rule.anyOrderGroup === anyOrderGroup)
    placeOf.set(name, first)
  }
  let furthest = -1
  return occurred.filter(name => {
    const place = placeOf.get(name)
    if (place === undefined) return false
    const isLate = place < furthest
    furthest = Math.max(furthest, place)
    return isLate
  })
}
