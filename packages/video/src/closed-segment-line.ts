/** One line of the segment muxer's CSV list: a file that is closed and whole; seconds of the session's media clock. */
export type ClosedSegmentLine = { readonly name: string; readonly startSeconds: number; readonly endSeconds: number }

const LINE = /^([A-Za-z0-9._-]+),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/

/** Parses `name,start,end`; undefined where the line is anything else. */
export function parseClosedSegmentLine(line: string): ClosedSegmentLine | undefined {
  const [, name, start, end] = LINE.exec(line.trim()) ?? []
  if (name === undefined) return undefined
  return { name, startSeconds: Number(start), endSeconds: Number(end) }
}
