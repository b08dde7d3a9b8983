import { UNKNOWN } from '../labelled-runs.ts'

/** P(class) that a network should give, `[time, class]`; rows of zeros where nothing is known. */
export type StepTargets = Float32Array<ArrayBuffer>

export type TargetOptions = {
  readonly classCount: number
  /** Time steps on either side of a border over which one class turns into the other. */
  readonly borderSteps: number
}

/**
 * Targets of labels. People set a border differently each time: near it a step belongs to both classes, by halves at the
 * border itself, but never for longer than a third of either run.
 */
export function stepTargets(labels: Int16Array, { classCount, borderSteps }: TargetOptions): StepTargets {
  const targets = new Float32Array(labels.length * classCount)
  for (const [time, label] of labels.entries()) if (label !== UNKNOWN) targets[time * classCount + label] = 1
  const starts = [...labels.keys()].filter(time => time === 0 || labels[time] !== labels[time - 1])
  for (const [run, border] of starts.entries()) {
    const [before, after] = [labels[border - 1] ?? UNKNOWN, labels[border]!]
    if (before === UNKNOWN || after === UNKNOWN) continue
    const shorter = Math.min(border - starts[run - 1]!, (starts[run + 1] ?? labels.length) - border)
    const reach = Math.min(borderSteps, Math.floor(shorter / 3))
    for (let away = 0; away < reach; away++) {
      const other = 0.5 - (0.5 * (away + 0.5)) / reach
      share(targets.subarray((border + away) * classCount), { own: after, other: before, share: other })
      share(targets.subarray((border - 1 - away) * classCount), { own: before, other: after, share: other })
    }
  }
  return targets
}

type Shared = { readonly own: number; readonly other: number; readonly share: number }

function share(row: Float32Array, { own, other, share }: Shared): void {
  row[own] = 1 - share
  row[other] = share
}

/**
 * What a class's targets are multiplied by, `[class]`, from how many steps are known of each: (steps / (classes · steps of
 * the class))^balance. 0 leaves rare classes rare, as the papers do; 1 weighs every class alike.
 */
export function classWeights(counts: Float64Array, balance: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const present = counts.filter(count => count > 0).length
  return counts.map(count => (count === 0 ? 0 : (total / (present * count)) ** balance))
}
