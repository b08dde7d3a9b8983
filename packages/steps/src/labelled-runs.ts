/** A label that says nothing about its step. */
export const UNKNOWN = -1

/** A maximal run of one known label, `[start, end)` in steps of its sequence. */
export type Run = {
  readonly classIndex: number
  readonly start: number
  readonly end: number
  /** True where the run touches an unknown step or the end of the sequence: it may have been longer. */
  readonly cutStart: boolean
  readonly cutEnd: boolean
}

/** The stretches of known labels, each as its runs in order; what lies between two stretches is unknown. */
export function labelledStretches(labels: Int16Array): readonly (readonly Run[])[] {
  const stretches: Run[][] = []
  let stretch: Run[] = []
  for (let start = 0; start < labels.length; ) {
    const classIndex = labels[start]!
    let end = start + 1
    while (end < labels.length && labels[end] === classIndex) end++
    if (classIndex !== UNKNOWN) {
      const cutStart = start === 0 || labels[start - 1] === UNKNOWN
      const cutEnd = end === labels.length || labels[end] === UNKNOWN
      stretch.push({ classIndex, start, end, cutStart, cutEnd })
      if (cutEnd) {
        stretches.push(stretch)
        stretch = []
      }
    }
    start = end
  }
  return stretches
}
