import type { FitWork } from '@takt/db'
import { labelsToSteps } from '@takt/domain'
import type { FitRequest } from '@takt/steps'

/** The motions that are labelled, with the classes of their tasks, in the order of the process. */
export function labelledMotions(
  { steps, ranges, parentOf }: Pick<FitWork, 'steps' | 'ranges' | 'parentOf'>,
  classes: readonly string[],
): NonNullable<FitRequest['motions']> {
  const named = new Set(ranges.flatMap(range => range.labels.map(({ label }) => label)))
  return steps
    .filter(step => step.level === 'motion' && named.has(step.name))
    .map(({ name }) => ({ name, task: classes.indexOf(parentOf.get(name) ?? '') }))
    .filter(({ task }) => task > 0)
}

/** The motion of each slot `[fromSlot, toSlot)`, counted from 1 in `motions`; 0 where none is labelled. */
export function motionsOfSlots(
  { ranges }: Pick<FitWork, 'ranges'>,
  motions: NonNullable<FitRequest['motions']>,
  slots: { readonly fromSlot: number; readonly toSlot: number },
): Int16Array {
  const classes = ['', ...motions.map(({ name }) => name)]
  const labels = ranges.flatMap(range => range.labels).filter(({ label }) => classes.includes(label))
  return labelsToSteps({ ranges, labels, classes, ...slots }).map(motion => Math.max(0, motion))
}
