import { checkSpan, type PlacedSpan } from './check-spans.ts'
import { asArray, asNumber, asObject, asString, type JsonObject, property } from './json-document.ts'
import { inside, type LabelPlace, labelFault } from './label-place.ts'

/** Results about a task or a region as a whole. */
export const NOT_TIMED: ReadonlySet<string> = new Set([
  'choices',
  'datetime',
  'number',
  'pairwise',
  'rating',
  'relation',
  'taxonomy',
  'textarea',
])

type Times = { readonly startSeconds: number; readonly endSeconds: number }
type TimesOf = (place: LabelPlace, value: JsonObject, frameRateHz: number | undefined) => Times

/** The forms of a labelled stretch of time, by the key of their labels, which is also their type. */
const FORMS: Readonly<Record<'labels' | 'timeserieslabels' | 'timelinelabels', TimesOf>> = {
  labels: readSeconds,
  timeserieslabels: readSeconds,
  timelinelabels: readFrames,
}
type Form = keyof typeof FORMS
const formNames = Object.keys(FORMS) as readonly Form[]

/** Whether an element of a JSON-MIN list is a region at all, and not a choice or a text. */
export const isTimedRegion = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && formNames.some(form => Object.hasOwn(value, form))

export type Region = {
  /** Undefined in JSON-MIN, where the labels' key tells it. */
  readonly type: unknown
  readonly tier: string
  readonly value: unknown
  readonly frameRateHz: number | undefined
}

/**
 * A region's span. `labels` (over `<Audio>`, which a video is synchronised with) and `timeserieslabels` are in seconds;
 * `timelinelabels` are frames counted from 1, the last one included, so that frame f is `[f − 1, f) / frameRateHz`.
 * Throws for other types, boxes among them, and where there is not exactly one label.
 */
export function readRegion(place: LabelPlace, { type, tier, value, frameRateHz }: Region): PlacedSpan {
  const region = asObject(place, value)
  const form = formNames.find(name => Object.hasOwn(region, name) && (type === undefined || type === name))
  if (form === undefined) {
    const problem = `not a labelled time: ${formNames.join(', ')} are read`
    throw labelFault('labels_unsupported', place, { value: type ?? Object.keys(region), problem })
  }
  const labelsPlace = inside(place, form)
  const labels = asArray(labelsPlace, region[form])
  if (labels.length !== 1) {
    throw labelFault('labels_unsupported', labelsPlace, { value: labels, problem: 'not exactly one label' })
  }
  const label = asString(inside(labelsPlace, 0), labels[0])
  return checkSpan(place, { ...FORMS[form](place, region, frameRateHz), label, tier })
}

function readSeconds(place: LabelPlace, value: JsonObject): Times {
  return {
    startSeconds: asNumber(inside(place, 'start'), property(value, 'start')),
    endSeconds: asNumber(inside(place, 'end'), property(value, 'end')),
  }
}

function readFrames(place: LabelPlace, value: JsonObject, frameRateHz: number | undefined): Times {
  if (frameRateHz === undefined || !(frameRateHz > 0) || frameRateHz === Number.POSITIVE_INFINITY) {
    const problem = 'timelinelabels are in frames: the frame rate of the <Video> tag is needed'
    throw labelFault('labels_unsupported', place, { value: frameRateHz, problem })
  }
  const rangesPlace = inside(place, 'ranges')
  const ranges = asArray(rangesPlace, property(value, 'ranges'))
  if (ranges.length !== 1) {
    throw labelFault('labels_unsupported', rangesPlace, { value: ranges, problem: 'not exactly one range' })
  }
  const rangePlace = inside(rangesPlace, 0)
  const range = asObject(rangePlace, ranges[0])
  const first = readFrame(inside(rangePlace, 'start'), property(range, 'start'))
  const last = readFrame(inside(rangePlace, 'end'), property(range, 'end'))
  return { startSeconds: (first - 1) / frameRateHz, endSeconds: last / frameRateHz }
}

function readFrame(place: LabelPlace, value: unknown): number {
  const frame = asNumber(place, value)
  if (Number.isSafeInteger(frame) && frame >= 1) return frame
  throw labelFault('label_time_invalid', place, { value: frame, problem: 'frames are whole and count from 1' })
}
