import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { devEnvError } from '../errors.ts'

/** One labelled range of a source file, in seconds of its media time. */
export interface SourceLabel {
  readonly source: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly label: string
}

/** One occurrence of a step in a composed video; the truth that timings are compared with. */
export interface TrueStep {
  readonly step: string
  readonly startSeconds: number
  readonly endSeconds: number
  /** Counts from 0; a cycle starts with the first step of the process. */
  readonly cycle: number
}

/** Where the video that ships with the project lies. */
export const materialDirectory = fileURLToPath(new URL('../../material/', import.meta.url))

/** Reads `source,start,end,label`; throws `labels-malformed` naming the first bad line. */
export const readLabels = async (path: string): Promise<readonly SourceLabel[]> =>
  parseLabels(await readFile(path, 'utf8'), path)

const header = 'source,start,end,label'

export const parseLabels = (text: string, path: string): readonly SourceLabel[] => {
  const lines = text.trimEnd().split(/\r?\n/)
  const refuse = (line: number) => devEnvError('labels-malformed', { path, line: line + 1, text: lines[line] ?? '' })
  if (lines[0] !== header) throw refuse(0)
  return lines.slice(1).map((line, index) => {
    const [, source, start, end, label] = /^([^,]+),(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),([a-z0-9-]+)$/.exec(line) ?? []
    if (source === undefined || label === undefined || !(Number(start) < Number(end))) throw refuse(index + 1)
    return { source, startSeconds: Number(start), endSeconds: Number(end), label }
  })
}
