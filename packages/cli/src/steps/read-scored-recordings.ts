import { join } from 'node:path'
import { decodeNpyMatrix } from '@takt/onnx'
import type { ScoredRecording } from '@takt/steps'
import { malformed, readBytes, readText } from './read-input.ts'
import { readLabels } from './read-labels.ts'

/** A recording that a list names, with its scores and labels by frame. */
export type NamedRecording = ScoredRecording & { readonly name: string }

/** Where a recording's `NAME.npy` and `NAME.txt` lie, and the classes by index. */
export interface ScoreFolders {
  readonly scores: string
  readonly labels: string
  readonly classNames: readonly string[]
}

/** The names in a list, one a line, with or without `.txt` or `.npy`. Throws `file-unreadable` and `file-malformed`. */
export async function readList(file: string): Promise<readonly string[]> {
  const names = (await readText(file)).split(/\r?\n/).map(line => line.trim().replace(/\.(txt|npy)$/, ''))
  const listed = names.filter(name => name !== '')
  if (listed.length === 0) throw malformed(file, 'it names no recording')
  const twice = listed.find((name, at) => listed.indexOf(name) < at)
  if (twice !== undefined) throw malformed(file, `${twice} comes twice`)
  return listed
}

/** Throws `file-unreadable`, and `file-malformed` naming the file and what is wrong with it. */
export async function readScoredRecording(
  { scores, labels, classNames }: ScoreFolders,
  name: string,
): Promise<NamedRecording> {
  const [scoreFile, labelFile] = [join(scores, `${name}.npy`), join(labels, `${name}.txt`)]
  const matrix = readMatrix(scoreFile, await readBytes(scoreFile))
  if (matrix.columns !== classNames.length)
    throw malformed(scoreFile, `it has ${matrix.columns} scores a frame, the mapping ${classNames.length} classes`)
  const odd = matrix.values.findIndex(score => !Number.isFinite(score))
  if (odd >= 0) {
    const [frame, column] = [Math.floor(odd / matrix.columns), odd % matrix.columns]
    throw malformed(scoreFile, `frame ${frame} has ${matrix.values[odd]} for ${classNames[column]}`)
  }
  const labelled = await readLabels(labelFile, classNames)
  if (matrix.rows === 0) throw malformed(scoreFile, 'it has no frame')
  if (labelled.length !== matrix.rows)
    throw malformed(labelFile, `it has ${labelled.length} labels for the ${matrix.rows} frames of ${scoreFile}`)
  return { name, scores: matrix.values, labels: labelled }
}

function readMatrix(file: string, bytes: Uint8Array) {
  try {
    return decodeNpyMatrix(bytes)
  } catch (cause) {
    throw malformed(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
}
