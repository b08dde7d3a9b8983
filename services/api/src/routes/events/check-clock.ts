import { apiError } from '../../errors.ts'

/** How far the clock of a source may be off, and how late an event may be told, ms. */
export interface EventLimits {
  readonly skewMs: number
  readonly lateMs: number
}

interface Told {
  readonly source: string
  readonly eventId: string
  readonly time: Date
  readonly sentTime?: Date | undefined
}

/**
 * Our clock less the source's, ms; `null` where it did not say. Throws `clock-skew-refused` where that is out of bounds,
 * `event-in-the-future` and `event-too-late`: each would join cycles with what happened at another time.
 */
export function checkClock({ source, eventId, time, sentTime }: Told, now: Date, limits: EventLimits): number | null {
  const skewMs = sentTime ? now.getTime() - sentTime.getTime() : null
  if (skewMs !== null && Math.abs(skewMs) > limits.skewMs)
    throw apiError('clock-skew-refused', { source, sentTime: sentTime!.toISOString(), skewMs, limitMs: limits.skewMs })
  const agoMs = now.getTime() - time.getTime()
  const facts = { source, eventId, time: time.toISOString(), now: now.toISOString() }
  if (agoMs < -limits.skewMs) throw apiError('event-in-the-future', { ...facts, limitMs: limits.skewMs })
  if (agoMs > limits.lateMs) throw apiError('event-too-late', { ...facts, limitMs: limits.lateMs })
  return skewMs
}
