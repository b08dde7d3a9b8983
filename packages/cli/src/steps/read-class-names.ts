import { malformed, readText } from './read-input.ts'

const MOST_CLASSES = 1000

/**
 * The names of the classes by index, from a `mapping.txt` of lines `index name`, as MS-TCN's data has it; indices run
 * from 0 without a hole. Throws `file-unreadable` and `file-malformed`.
 */
export async function readClassNames(file: string): Promise<readonly string[]> {
  const names: string[] = []
  for (const [at, line] of (await readText(file)).split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const [, index, name] = /^\s*(\d+)\s+(\S.*?)\s*$/.exec(line) ?? []
    if (name === undefined) throw malformed(file, `line ${at + 1}, ${JSON.stringify(line)}, is no index and name`)
    if (names[Number(index)] !== undefined) throw malformed(file, `index ${index} comes twice`)
    if (names.includes(name)) throw malformed(file, `class ${name} comes twice`)
    if (Number(index) >= MOST_CLASSES) throw malformed(file, `index ${index} is not below ${MOST_CLASSES}`)
    names[Number(index)] = name
  }
  const hole = Array.from(names).indexOf(undefined as never)
  if (names.length < 2 || hole >= 0)
    throw malformed(file, names.length < 2 ? 'it names no two classes' : `index ${hole} is missing`)
  return names
}
