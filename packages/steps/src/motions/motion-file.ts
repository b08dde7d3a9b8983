import { StepsError } from '../errors.ts'
import type { LinearScorer } from '../linear-scorer.ts'
import { type FloatTensor, type TakeTensor, type ViewText, viewFileOf } from '../view-tensors.ts'
import { type MotionModel, partCount, type TaskMotions } from './motion-model.ts'

/** What a head's file says of motions in text. */
export type MotionText = {
  readonly tasks: readonly Pick<TaskMotions, 'classIndex' | 'parts'>[]
  readonly scorers: readonly ViewText[]
}

const linear = viewFileOf('linear')

export const motionText = ({ tasks, scorers }: MotionModel): MotionText => ({
  tasks: tasks.map(({ classIndex, parts }) => ({ classIndex, parts })),
  scorers: scorers.map(linear.text),
})

/** `motions.<task>.{hazards,initial,next}` and `motions.views.<index>.*`. */
export function motionTensors({ tasks, scorers }: MotionModel): Readonly<Record<string, FloatTensor>> {
  const ofTasks = tasks.flatMap(({ parts: { length }, durations, initial, next }, index) => [
    [`motions.${index}.hazards`, { shape: [length, durations.maxSteps], data: durations.hazards }] as const,
    [`motions.${index}.initial`, { shape: [length], data: initial }] as const,
    [`motions.${index}.next`, { shape: [length, length], data: next }] as const,
  ])
  const ofViews = scorers.flatMap((scorer, index) => {
    return Object.entries(linear.tensors(scorer)).map(
      ([name, tensor]) => [`motions.views.${index}.${name}`, tensor] as const,
    )
  })
  return Object.fromEntries([...ofTasks, ...ofViews])
}

/** Reads what `motionTensors` wrote; throws `head_malformed`, also where it names no task or view of the head. */
export function readMotions(
  text: MotionText,
  take: TakeTensor,
  head: { readonly classes: readonly string[]; readonly views: readonly Pick<ViewText, 'viewId'>[] },
): MotionModel {
  const stray = text.tasks.find(({ classIndex }) => classIndex >= head.classes.length)
  if (stray) throw new StepsError('head_malformed', { motionsOf: stray.classIndex, classes: head.classes.length })
  const unseen = text.scorers.find(({ viewId }) => !head.views.some(view => view.viewId === viewId))
  if (unseen) throw new StepsError('head_malformed', { motionsIn: unseen.viewId })
  const tasks = text.tasks.map(({ classIndex, parts }, index): TaskMotions => {
    const count = parts.length
    const { data: hazards } = take(`motions.${index}.hazards`, [count, undefined], isInside)
    const { data: initial } = take(`motions.${index}.initial`, [count], isProbability)
    const { data: next } = take(`motions.${index}.next`, [count, count], isProbability)
    return { classIndex, parts, durations: { maxSteps: hazards.length / count, hazards }, initial, next }
  })
  const scorers = text.scorers.map((own, index) => {
    const takeOwn: TakeTensor = (name, ...rest) => take(`motions.views.${index}.${name}`, ...rest)
    return linear.read(own, takeOwn, partCount({ tasks })) as LinearScorer
  })
  return { tasks, scorers }
}

const isInside = (value: number) => value > 0 && value < 1
const isProbability = (value: number) => value >= 0 && value <= 1

export function isMotionText(value: unknown, isView: (value: unknown) => value is ViewText): value is MotionText {
  if (typeof value !== 'object' || value === null) return false
  const { tasks, scorers } = value as { readonly tasks?: unknown; readonly scorers?: unknown }
  return (
    Array.isArray(tasks) &&
    tasks.length > 0 &&
    tasks.every(isTaskText) &&
    new Set(tasks.map(({ classIndex }) => classIndex)).size === tasks.length &&
    Array.isArray(scorers) &&
    scorers.length > 0 &&
    scorers.every(isView) &&
    new Set(scorers.map(({ viewId }) => viewId)).size === scorers.length
  )
}

function isTaskText(value: unknown): value is MotionText['tasks'][number] {
  if (typeof value !== 'object' || value === null) return false
  const { classIndex, parts } = value as { readonly classIndex?: unknown; readonly parts?: unknown }
  return (
    Number.isSafeInteger(classIndex) &&
    (classIndex as number) > 0 &&
    Array.isArray(parts) &&
    parts.length > 0 &&
    parts.every(part => part === null || typeof part === 'string') &&
    new Set(parts).size === parts.length
  )
}
