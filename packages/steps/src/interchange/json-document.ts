import { checkLength, LABEL_LIMITS } from './check-spans.ts'
import { type LabelFormat, type LabelPlace, labelFault } from './label-place.ts'

/** Any JSON value. Throws `labels_too_many`, `labels_unreadable` and, for a key that an object has twice, `labels_repeat`. */
export function parseJson(format: LabelFormat, text: string): unknown {
  checkLength(format, text)
  const document = parseOrRefuse(format, text.replace(/^\ufeff/, ''))
  refuseRepeatedKeys(format, text)
  return document
}

function parseOrRefuse(format: LabelFormat, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const problem = (cause as Error).message.slice(0, 200)
    // Where the text ends too early, the end is the place.
    const line = /\(line (\d+) column/.exec(problem)?.[1] ?? text.split('\n').length
    throw labelFault('labels_unreadable', { format, at: `line ${line}` }, { problem }, cause)
  }
}

/** JSON.parse keeps the last of two equal keys: a video's labels would vanish. The text is known to be valid here. */
function refuseRepeatedKeys(format: LabelFormat, text: string): void {
  const open: Set<string>[] = []
  let line = 1
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!
    if (character === '\n') line++
    else if (character === '{' || character === '[') open.push(new Set())
    else if (character === '}' || character === ']') open.pop()
    else if (character === '"') {
      const start = i
      for (i++; text[i] !== '"'; i++) if (text[i] === '\\') i++
      if (!isFollowedByColon(text, i + 1)) continue
      const key: string = JSON.parse(text.slice(start, i + 1))
      const keys = open.at(-1)!
      if (keys.has(key)) {
        throw labelFault('labels_repeat', { format, at: `line ${line}` }, { value: key, problem: 'a key twice' })
      }
      keys.add(key)
    }
  }
}

function isFollowedByColon(text: string, at: number): boolean {
  let next = at
  while (/\s/.test(text[next] ?? '')) next++
  return text[next] === ':'
}

export type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function asObject(place: LabelPlace, value: unknown): JsonObject {
  if (isObject(value)) return value
  throw labelFault('labels_unreadable', place, { value, problem: 'not an object' })
}

export function asArray(place: LabelPlace, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw labelFault('labels_unreadable', place, { value, problem: 'not an array' })
  if (value.length <= LABEL_LIMITS.spans) return value
  throw labelFault('labels_too_many', place, { problem: `more than ${LABEL_LIMITS.spans} elements` })
}

export function asString(place: LabelPlace, value: unknown): string {
  if (typeof value === 'string') return value
  throw labelFault('labels_unreadable', place, { value, problem: 'not a string' })
}

export function asNumber(place: LabelPlace, value: unknown): number {
  if (typeof value === 'number') return value
  throw labelFault('labels_unreadable', place, { value, problem: 'not a number' })
}

/** An own property, undefined where there is none: `toString` and its like are not data. */
export const property = (object: JsonObject, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined
