import type { DriftKind } from '@takt/drift'
import { type CameraLook, usualLook } from './camera-picture.ts'

/** Something that happens to a film, and what it is to be told as; null: nothing that should be told. */
export interface ScriptedDrift {
  readonly kind: DriftKind | null
  /** `random` gives numbers in [0, 1): where and how much differs from film to film. */
  readonly look: (random: () => number) => CameraLook
  /** Of the steps, in the order of the process, those that are shown, in what order; all as they were where it is left out. */
  readonly order?: (steps: readonly string[]) => readonly string[]
}

const either = (random: () => number): number => (random() < 0.5 ? -1 : 1)
const between = (random: () => number, low: number, high: number): number => low + (high - low) * random()
const tools = [
  [200, 40, 30],
  [230, 200, 40],
  [25, 60, 160],
  [240, 240, 240],
  [20, 20, 20],
] as const

export const scriptedDrifts = {
  none: { kind: null, look: () => usualLook },
  dimmed: {
    kind: 'light',
    look: random => {
      const gain = between(random, 0.5, 0.65)
      return { ...usualLook, tone: value => gain * value }
    },
  },
  gamma: {
    kind: 'light',
    look: random => {
      const gamma = between(random, 1.5, 2) ** either(random)
      return { ...usualLook, tone: value => 255 * (value / 255) ** gamma }
    },
  },
  sideLit: {
    kind: 'light',
    look: random => {
      const slope = either(random) * between(random, 0.5, 0.8)
      return { ...usualLook, tone: (value, x) => value * (1 + slope * (x - 0.5)) }
    },
  },
  shifted: {
    kind: 'camera',
    look: random => ({
      ...usualLook,
      dx: either(random) * between(random, 0.03, 0.06),
      dy: either(random) * between(random, 0.02, 0.05),
    }),
  },
  turned: { kind: 'camera', look: random => ({ ...usualLook, degrees: either(random) * between(random, 4, 7) }) },
  zoomed: {
    kind: 'camera',
    look: random => ({ ...usualLook, zoom: 1 + either(random) * between(random, 0.08, 0.12) }),
  },
  tool: {
    kind: 'object',
    look: random => ({
      ...usualLook,
      patch: {
        x: between(random, 0.15, 0.85),
        y: between(random, 0.15, 0.85),
        size: between(random, 0.12, 0.18),
        rgb: tools[Math.floor(random() * tools.length)]!,
      },
    }),
  },
  otherWork: { kind: 'work', look: () => usualLook, order: steps => steps.slice(0, 2) },
  // A window of a minute is the same whatever the order: it is the timings that tell of it.
  otherOrder: { kind: null, look: () => usualLook, order: steps => steps.toReversed() },
} as const satisfies Readonly<Record<string, ScriptedDrift>>

export type ScriptedDriftName = keyof typeof scriptedDrifts
