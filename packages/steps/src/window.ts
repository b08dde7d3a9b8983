import type { DurationLaw } from './duration-law.ts'
import type { StepHead } from './step-head.ts'

/** The segment under way at the last decided step: its class, how long it has lasted, and the law it follows. */
export type Anchor = { readonly classIndex: number; readonly elapsed: number; readonly law: DurationLaw }

/**
 * What a decoder looks at: the log evidence `[class]` of consecutive steps, after an anchor that is taken as given.
 * Without an anchor the window begins with a segment of unknown age, which follows the residual law.
 */
export type Window = {
  readonly head: StepHead
  readonly anchor: Anchor | undefined
  readonly evidence: readonly Float32Array[]
}

/** The law of a segment that starts at step `start` of the window. */
export function lawFrom({ head, anchor }: Window, start: number): DurationLaw {
  return start === 0 && anchor === undefined ? head.residual : head.fresh
}
