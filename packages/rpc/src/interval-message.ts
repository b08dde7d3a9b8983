import type { Censoring, DecodedInterval, DurationSource as Source } from '@takt/domain'
import { rpcError } from './errors.ts'
import { Censored, DurationSource, type Interval } from './generated/takt/segmentation/v1/segmentation.ts'

const censoredOf: Readonly<Record<Censoring, Censored>> = {
  none: Censored.CENSORED_NONE,
  start: Censored.CENSORED_START,
  end: Censored.CENSORED_END,
  both: Censored.CENSORED_BOTH,
}
const censoringOf = new Map(Object.entries(censoredOf).map(([name, wire]) => [wire, name as Censoring]))

const sourceMessage: Readonly<Record<Source, DurationSource>> = {
  media: DurationSource.DURATION_SOURCE_MEDIA,
  utc: DurationSource.DURATION_SOURCE_UTC,
}
const sourceOf = new Map(Object.entries(sourceMessage).map(([name, wire]) => [wire, name as Source]))

/** An interval without an ordinal (provisional, or of a window) is sent with `ordinal` −1 left out. */
export const toIntervalMessage = (interval: DecodedInterval): Interval => ({
  ordinal: interval.ordinal < 0 ? undefined : interval.ordinal,
  step: interval.step,
  startSlot: BigInt(interval.startSlot),
  endSlot: BigInt(interval.endSlot),
  startUtcMs: BigInt(Math.round(interval.startUtcMs)),
  endUtcMs: BigInt(Math.round(interval.endUtcMs)),
  durationMs: interval.durationMs === null ? undefined : Math.round(interval.durationMs),
  durationSource: interval.durationSource ? sourceMessage[interval.durationSource] : 0,
  startSdMs: Math.round(interval.startSdMs),
  endSdMs: Math.round(interval.endSdMs),
  durationSdMs: Math.round(interval.durationSdMs),
  absoluteErrorMs: Math.ceil(interval.absoluteErrorMs),
  confidence: interval.confidence,
  censored: censoredOf[interval.censored],
})

/** Throws `bad-message` on a value that no segmenter of this version sends. */
export function fromIntervalMessage(message: Interval): DecodedInterval {
  const censored = censoringOf.get(message.censored)
  if (!censored) throw rpcError('bad-message', { field: 'interval.censored', value: String(message.censored) })
  return {
    ordinal: message.ordinal ?? -1,
    step: message.step,
    startSlot: Number(message.startSlot),
    endSlot: Number(message.endSlot),
    startUtcMs: Number(message.startUtcMs),
    endUtcMs: Number(message.endUtcMs),
    durationMs: message.durationMs ?? null,
    durationSource: sourceOf.get(message.durationSource) ?? null,
    startSdMs: message.startSdMs,
    endSdMs: message.endSdMs,
    durationSdMs: message.durationSdMs,
    absoluteErrorMs: message.absoluteErrorMs,
    confidence: message.confidence,
    censored,
  }
}
