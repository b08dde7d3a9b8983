import type { Censoring, DecodedInterval, Evidence as Judgement, DurationSource as Source } from '@takt/domain'
import { rpcError } from './errors.ts'
import { Censored, DurationSource, Evidence, type Interval } from './generated/takt/segmentation/v1/segmentation.ts'
import { fromMotionsMessage, toMotionsMessage } from './motions-message.ts'

const censoredOf: Readonly<Record<Censoring, Censored>> = {
  none: Censored.CENSORED_NONE,
  start: Censored.CENSORED_START,
  end: Censored.CENSORED_END,
  both: Censored.CENSORED_BOTH,
}
const censoringOf = new Map(Object.entries(censoredOf).map(([name, wire]) => [wire, name as Censoring]))

const evidenceMessage: Readonly<Record<Judgement, Evidence>> = {
  clear: Evidence.EVIDENCE_CLEAR,
  weak: Evidence.EVIDENCE_WEAK,
  unfamiliar: Evidence.EVIDENCE_UNFAMILIAR,
}
const evidenceOf = new Map(Object.entries(evidenceMessage).map(([name, wire]) => [wire, name as Judgement]))

const sourceMessage: Readonly<Record<Source, DurationSource>> = {
  media: DurationSource.DURATION_SOURCE_MEDIA,
  utc: DurationSource.DURATION_SOURCE_UTC,
}
const sourceOf = new Map(Object.entries(sourceMessage).map(([name, wire]) => [wire, name as Source]))

const integer = (value: number): bigint => BigInt(Math.round(value))

/** Writes an interval; the ordinal −1, of one that is provisional or of a window, is left out. Times are rounded to ms. */
export const toIntervalMessage = (interval: DecodedInterval): Interval => ({
  ordinal: interval.ordinal < 0 ? undefined : interval.ordinal,
  step: interval.step,
  startSlot: BigInt(interval.startSlot),
  endSlot: BigInt(interval.endSlot),
  startUtcMs: integer(interval.startUtcMs),
  endUtcMs: integer(interval.endUtcMs),
  durationMs: interval.durationMs === null ? undefined : Math.round(interval.durationMs),
  durationSource: interval.durationSource ? sourceMessage[interval.durationSource] : 0,
  startSdMs: Math.round(interval.startSdMs),
  endSdMs: Math.round(interval.endSdMs),
  durationSdMs: Math.round(interval.durationSdMs),
  absoluteErrorMs: Math.ceil(interval.absoluteErrorMs),
  confidence: interval.confidence,
  censored: censoredOf[interval.censored],
  evidence: evidenceMessage[interval.evidence],
  motions: interval.motions && toMotionsMessage(interval.motions),
})

/** Reads an interval. Throws `bad-message` on what no segmenter of this version sends: a gap with a duration, an empty interval, … */
export function fromIntervalMessage(message: Interval): DecodedInterval {
  const censored = censoringOf.get(message.censored)
  if (!censored) refuse('censored', message.censored)
  const evidence = evidenceOf.get(message.evidence)
  if (!evidence) refuse('evidence', message.evidence)
  const durationSource = sourceOf.get(message.durationSource) ?? null
  if (!durationSource && message.durationSource !== DurationSource.DURATION_SOURCE_UNSPECIFIED)
    refuse('duration_source', message.durationSource)
  const durationMs = message.durationMs ?? null
  if ((durationMs === null) !== (durationSource === null))
    refuse('duration_ms', `${durationMs} with source ${durationSource}`)
  if (durationMs !== null && (durationMs < 0 || censored !== 'none'))
    refuse('duration_ms', `${durationMs} where censored is ${censored}`)
  if (durationMs !== null && evidence === 'weak') refuse('duration_ms', `${durationMs} where evidence is weak`)
  if (!(message.endSlot > message.startSlot)) refuse('end_slot', `${message.endSlot} after ${message.startSlot}`)
  if (!(message.endUtcMs > message.startUtcMs)) refuse('end_utc_ms', `${message.endUtcMs} after ${message.startUtcMs}`)
  if (!(message.confidence >= 0 && message.confidence <= 1 + roundingOfFloat)) refuse('confidence', message.confidence)
  const motions = message.motions && fromMotionsMessage(message.motions, durationMs)
  return {
    ordinal: message.ordinal ?? -1,
    step: message.step,
    startSlot: Number(message.startSlot),
    endSlot: Number(message.endSlot),
    startUtcMs: Number(message.startUtcMs),
    endUtcMs: Number(message.endUtcMs),
    durationMs,
    durationSource,
    startSdMs: message.startSdMs,
    endSdMs: message.endSdMs,
    durationSdMs: message.durationSdMs,
    absoluteErrorMs: message.absoluteErrorMs,
    confidence: Math.min(1, message.confidence),
    censored,
    evidence,
    ...(motions && { motions }),
  }
}

/** A mean of probabilities may come out above 1 by rounding. */
const roundingOfFloat = 1e-4

function refuse(field: string, value: unknown): never {
  throw rpcError('bad-message', { field: `interval.${field}`, value: String(value) })
}
