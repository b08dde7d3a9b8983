import { StepsError } from './errors.ts'
import type { ProcessTree } from './hmm/process-tree.ts'
import type { HeadKind } from './scorer-kinds.ts'
import { MOST_EVIDENCE_WEIGHT } from './step-head.ts'
import { REACH } from './temporal-head/window-network.ts'

/** Of what scorers a head is made, one of a kind for each view. */
export type FittedKind = HeadKind | 'both'

/** Choices of a fit; every one has a default. */
export type FitOptions = {
  /** What the process prescribes, in class indices; a cycle begins where its first step does. */
  readonly process?: ProcessTree
  /** Default 16 steps, 4 s. */
  readonly lookAheadSteps?: number
  /** Default 20 steps, 5 s. */
  readonly lagSteps?: number
  /** Half-life of the running normalisation; by default the share of a cycle that scores held-out steps best. */
  readonly halfLifeSteps?: number
  /** Exponent of a step's evidence, in (0, 4]; chosen by cross-validation where cycles suffice. */
  readonly evidenceWeight?: number
  /** Most labelled steps a view learns from; the time of a fit grows with its square. */
  readonly mostSamples?: number
  /** By default what finds most in cycles held out: networks are tried where there is a way to train. */
  readonly kind?: FittedKind
}

export type ResolvedOptions = FitOptions & {
  readonly lookAheadSteps: number
  readonly lagSteps: number
  readonly mostSamples: number
}

const DEFAULTS = { lookAheadSteps: 16, lagSteps: 20, mostSamples: 3000 } as const

/** A final interval is known within ten seconds of its end. */
const MOST_LAG_STEPS = 40

/** The choices of a fit with their defaults; throws `option_out_of_range`, also where networks are wanted and not trained. */
export function resolveOptions(
  { options: given, train }: { readonly options?: FitOptions; readonly train?: unknown },
  classCount: number,
): ResolvedOptions {
  const options = { ...DEFAULTS, ...given }
  const { lookAheadSteps, lagSteps, evidenceWeight = 1, mostSamples, halfLifeSteps = 40, kind } = options
  const hasNetworks = kind !== undefined && kind !== 'linear'
  const allowed: Readonly<Record<string, readonly [unknown, boolean]>> = {
    lookAheadSteps: [lookAheadSteps, Number.isInteger(lookAheadSteps) && lookAheadSteps >= 0 && lookAheadSteps <= 64],
    lagSteps: [lagSteps, Number.isInteger(lagSteps) && lagSteps >= 1 && lagSteps <= 40],
    evidenceWeight: [evidenceWeight, evidenceWeight > 0 && evidenceWeight <= MOST_EVIDENCE_WEIGHT],
    kind: [kind, !hasNetworks || train !== undefined],
    lookAheadOfWindows: [lookAheadSteps, !hasNetworks || lookAheadSteps >= REACH],
    mostSamples: [mostSamples, Number.isInteger(mostSamples) && mostSamples >= classCount],
    lookAheadPlusLag: [lookAheadSteps + lagSteps, lookAheadSteps + lagSteps <= MOST_LAG_STEPS],
    halfLifeSteps: [halfLifeSteps, Number.isFinite(halfLifeSteps) && halfLifeSteps > 0],
  }
  for (const [option, [value, fits]] of Object.entries(allowed)) {
    if (!fits) throw new StepsError('option_out_of_range', { option, value })
  }
  return options
}
