import { type LabelFormat, type LabelPlace, labelFault } from './label-place.ts'
import type { LabelledVideo, LabelSpan } from './labelled-video.ts'

/** What is read of one file; more is a mistake, or an attack on the memory of whoever reads it. */
export const LABEL_LIMITS = {
  characters: 16 * 2 ** 20,
  spans: 200_000,
  /** Thirty years: what is beyond is a date, or not in seconds. */
  seconds: 1e9,
  nameCharacters: 200,
  sourceCharacters: 2000,
} as const

/** A span and where it stands, which is what a fault has to name. */
export type PlacedSpan = { readonly place: LabelPlace; readonly span: LabelSpan }

/** Throws `labels_too_many` before anything looks at a text that is too long. */
export function checkLength(format: LabelFormat, text: string): void {
  if (text.length <= LABEL_LIMITS.characters) return
  const problem = `more than ${LABEL_LIMITS.characters} characters`
  throw labelFault('labels_too_many', { format, at: 'the file' }, { value: text.length, problem })
}

/** The span, its names trimmed. Throws `label_time_invalid`, `label_name_invalid`. */
export function checkSpan(place: LabelPlace, span: LabelSpan): PlacedSpan {
  const { startSeconds, endSeconds } = span
  checkTime(place, startSeconds)
  checkTime(place, endSeconds)
  if (!(startSeconds < endSeconds)) {
    const value = [startSeconds, endSeconds]
    throw labelFault('label_time_invalid', place, { value, problem: 'the end is not after the start' })
  }
  const label = checkName(place, span.label, 'label', LABEL_LIMITS.nameCharacters)
  const tier = checkName(place, span.tier, 'tier', LABEL_LIMITS.nameCharacters)
  return { place, span: { startSeconds, endSeconds, label, tier } }
}

function checkTime(place: LabelPlace, seconds: number): void {
  const problem = timeProblem(seconds)
  if (problem !== null) throw labelFault('label_time_invalid', place, { value: seconds, problem })
}

function timeProblem(seconds: number): string | null {
  if (!Number.isFinite(seconds)) return 'not a finite number of seconds'
  if (seconds < 0) return 'before the beginning of the video'
  if (seconds > LABEL_LIMITS.seconds) return `beyond ${LABEL_LIMITS.seconds} s: a date, or not in seconds?`
  return null
}

export const checkSource = (place: LabelPlace, source: string): string =>
  checkName(place, source, 'source', LABEL_LIMITS.sourceCharacters)

function checkName(place: LabelPlace, name: string, what: string, most: number): string {
  const trimmed = name.trim()
  const problem = nameProblem(trimmed, most)
  if (problem === null) return trimmed
  throw labelFault('label_name_invalid', place, { value: name, problem: `the ${what} ${problem}` })
}

function nameProblem(name: string, most: number): string | null {
  if (name === '') return 'is empty'
  if (name.length > most) return `is longer than ${most} characters`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name)) return 'contains control characters'
  if (!name.isWellFormed()) return 'contains half a character'
  return null
}

/** One video's spans by start, then tier. Throws `labels_overlap` naming both places, `labels_too_many`. */
export function orderSpans(placed: readonly PlacedSpan[]): readonly LabelSpan[] {
  if (placed.length > LABEL_LIMITS.spans) {
    const problem = `more than ${LABEL_LIMITS.spans} labels in one video`
    throw labelFault('labels_too_many', placed[0]!.place, { value: placed.length, problem })
  }
  const ordered = placed.toSorted(
    ({ span: a }, { span: b }) => a.startSeconds - b.startSeconds || compareTiers(a.tier, b.tier),
  )
  const latest = new Map<string, PlacedSpan>()
  for (const one of ordered) {
    const before = latest.get(one.span.tier)
    if (before !== undefined && one.span.startSeconds < before.span.endSeconds) {
      const problem = `begins before ${before.span.endSeconds}, where "${before.span.label}" of ${before.place.at} ends`
      throw labelFault('labels_overlap', one.place, { value: one.span.startSeconds, problem })
    }
    latest.set(one.span.tier, one)
  }
  return ordered.map(({ span }) => span)
}

const compareTiers = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The same videos with what every format needs checked, before one is written. Throws as reading does. */
export function checkVideos(format: LabelFormat, videos: readonly LabelledVideo[]): readonly LabelledVideo[] {
  const seen = new Set<string | null>()
  return videos.map(({ source, spans }, video) => {
    const place = { format, at: `videos[${video}]` }
    const name = source === null ? null : checkSource({ format, at: `${place.at}.source` }, source)
    if (seen.has(name)) throw labelFault('labels_repeat', place, { value: name, problem: 'two videos of one source' })
    seen.add(name)
    const placed = spans.map((span, i) => checkSpan({ format, at: `${place.at}.spans[${i}]` }, span))
    return { source: name, spans: orderSpans(placed) }
  })
}
