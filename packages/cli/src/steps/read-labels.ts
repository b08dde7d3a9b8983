import { UNKNOWN } from '@takt/steps'
import { malformed, readText } from './read-input.ts'

/** Of a line whose step is not known. */
const UNKNOWN_LINES = ['', '?']

/** A class a line, by its index in the mapping. Throws `file-unreadable` and `file-malformed`, naming the line. */
export async function readLabels(file: string, classNames: readonly string[]): Promise<Int16Array> {
  const lines = (await readText(file)).trimEnd().split(/\r?\n/)
  const indices = indexOf(classNames)
  return Int16Array.from(lines[0] === '' ? [] : lines, (line, at) => {
    return indices.get(line.trim()) ?? refuseLine(file, line, at)
  })
}

/** As `readLabels`, where a line may be blank or `?`: then its class is `UNKNOWN`. */
export async function readSparseLabels(file: string, classNames: readonly string[]): Promise<Int16Array> {
  // The last line ends in a newline, or not; blank ones before it count.
  const lines = (await readText(file)).replace(/\r?\n$/, '').split(/\r?\n/)
  const indices = indexOf(classNames)
  return Int16Array.from(lines, (line, at) => {
    const known = indices.get(line.trim())
    if (known === undefined && UNKNOWN_LINES.includes(line.trim())) return UNKNOWN
    return known ?? refuseLine(file, line, at)
  })
}

const indexOf = (classNames: readonly string[]) => new Map(classNames.map((name, index) => [name, index]))

function refuseLine(file: string, line: string, at: number): never {
  throw malformed(file, `line ${at + 1}, ${JSON.stringify(line)}, is no class of the mapping`)
}
