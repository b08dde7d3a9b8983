import { type TensorType, type TensorValue, tensorValue } from '@takt/graph'
import { mapNamed, type Named, type Schedule } from '@takt/nn'

/** What steps are fed besides clips: the types of one step, and numbers by the step, counted from 1. Pure. */
export interface Draws {
  readonly types: Named<TensorType>
  readonly at: (step: number) => Named<readonly number[]>
}

/** Scalars by the step. */
export function scheduled(schedules: Named<Schedule>): Draws {
  return {
    types: mapNamed(schedules, () => ({ dtype: 'float32', shape: [] })),
    at: step => mapNamed(schedules, schedule => [schedule(step)]),
  }
}

/** All of several draws together, whose names differ. */
export function together(...draws: readonly Draws[]): Draws {
  return {
    types: Object.assign({}, ...draws.map(({ types }) => types)),
    at: step => Object.assign({}, ...draws.map(({ at }) => at(step))),
  }
}

/** What the steps of a call are fed, one after the other: [steps, …]. */
export function stackedDraws({ types, at }: Draws, steps: readonly number[]): Named<TensorValue> {
  const drawn = steps.map(at)
  return mapNamed(types, ({ dtype, shape }, name) =>
    tensorValue(
      { dtype, shape: [steps.length, ...shape] },
      drawn.flatMap(numbers => numbers[name]!),
    ),
  )
}
