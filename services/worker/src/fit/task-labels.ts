import type { FitRange, FitWork } from '@takt/db'

type Label = FitRange['labels'][number]

/**
 * The labels as tasks: a motion counts as the task that it is a part of, and what touches it of the same task is one
 * occurrence with it. What the process does not know stays, and is refused by its name.
 */
export function taskLabels({ steps, ranges, parentOf }: Pick<FitWork, 'steps' | 'ranges' | 'parentOf'>): Label[] {
  const tasks = new Set(steps.filter(step => step.level === 'task').map(step => step.name))
  const merged: (Label & { readonly isMotion: boolean })[] = []
  for (const given of ranges.flatMap(range => range.labels).toSorted((a, b) => a.startMs - b.startMs)) {
    const isMotion = !tasks.has(given.label) && parentOf.has(given.label)
    const label = { ...given, label: isMotion ? parentOf.get(given.label)! : given.label, isMotion }
    const last = merged.at(-1)
    const isPart = last?.label === label.label && label.startMs <= last.endMs && (isMotion || last.isMotion)
    if (!isPart) merged.push(label)
    else
      merged[merged.length - 1] = {
        ...label,
        isMotion: true,
        startMs: last.startMs,
        endMs: Math.max(last.endMs, label.endMs),
      }
  }
  return merged.map(({ isMotion: _, ...label }) => label)
}
