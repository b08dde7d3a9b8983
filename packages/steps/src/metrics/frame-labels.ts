/** A sequence's labels by frame (or time step): class indices of the same length. */
export type FrameLabels = { readonly truth: Int16Array; readonly predicted: Int16Array }

/** A maximal run of one label, `[start, end)`. */
export type LabelSegment = { readonly label: number; readonly start: number; readonly end: number }

/** The runs of a label sequence without those of the classes in `ignored`, as the official evaluation leaves them out. */
export function labelSegments(labels: Int16Array, ignored: readonly number[]): readonly LabelSegment[] {
  const segments: LabelSegment[] = []
  for (let start = 0; start < labels.length; ) {
    const label = labels[start]!
    let end = start + 1
    while (end < labels.length && labels[end] === label) end++
    if (!ignored.includes(label)) segments.push({ label, start, end })
    start = end
  }
  return segments
}
