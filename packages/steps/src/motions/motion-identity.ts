import { kindOf } from '../scorer-kinds.ts'
import type { MotionModel } from './motion-model.ts'

/** All that the motions of a head depend on; nothing where it has none, so that such heads keep their ids. */
export function motionIdentity(model: MotionModel | undefined): {
  readonly scalars: readonly unknown[]
  readonly arrays: readonly Float32Array[]
} {
  if (model === undefined) return { scalars: [], arrays: [] }
  const scorers = model.scorers.map(scorer => kindOf(scorer).identity(scorer))
  const tasks = model.tasks.map(({ classIndex, parts }) => [classIndex, parts])
  return {
    scalars: [{ tasks, scorers: scorers.map(({ scalars }) => scalars) }],
    arrays: [
      ...scorers.flatMap(({ arrays }) => arrays),
      ...model.tasks.flatMap(({ durations, initial, next }) => [durations.hazards, initial, next]),
    ],
  }
}
