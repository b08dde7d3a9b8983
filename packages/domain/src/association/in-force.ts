import { overlapMs, type Range } from '../range.ts'
import { type EventName, eventName, type FieldAssociation, noEvent } from './association.ts'
import type { MesEvent, MesEventType } from './mes-event.ts'

/** A stretch of time in which one event's value is in force. */
export interface InForce extends Range {
  readonly value: string
  readonly event: EventName
  /** What ended it; `null` where another took over, or nothing has. */
  readonly ended: EventName | null
}

/**
 * The stretches in which a value is in force: from the event that begins it to the next that begins another, or to the
 * one that ends the same. The end of a value that is not in force changes nothing. Events are in time order.
 */
export function stretchesInForce(
  events: readonly MesEvent[],
  { begins, ends }: { readonly begins: MesEventType; readonly ends: MesEventType | null },
): readonly InForce[] {
  const stretches: InForce[] = []
  for (const event of events) {
    const last = stretches.at(-1)
    const open = last?.endUtcMs === Number.POSITIVE_INFINITY ? last : undefined
    if (event.type === begins) {
      if (open) stretches[stretches.length - 1] = { ...open, endUtcMs: event.atMs }
      const started = { startUtcMs: event.atMs, endUtcMs: Number.POSITIVE_INFINITY }
      stretches.push({ ...started, value: event.value, event: eventName(event), ended: null })
    } else if (event.type === ends && open?.value === event.value)
      stretches[stretches.length - 1] = { ...open, endUtcMs: event.atMs, ended: eventName(event) }
  }
  return stretches
}

/** The value in force for most of a cycle, by the event that began its longest stretch; the earlier one of two alike. */
export function inForceDuring(cycle: Range, stretches: readonly InForce[]): FieldAssociation {
  const shared = stretches
    .map(stretch => ({ ...stretch, ms: overlapMs(stretch, cycle) }))
    .filter(stretch => stretch.ms > 0)
  const longest = best([...Map.groupBy(shared, stretch => stretch.value).values()], sumMs)
  if (!longest) {
    const before = stretches.findLast(stretch => stretch.endUtcMs <= cycle.startUtcMs)
    return before?.ended ? { value: null, why: 'ended-before', events: [before.ended] } : noEvent
  }
  const share = sumMs(longest) / (cycle.endUtcMs - cycle.startUtcMs)
  return {
    value: longest[0]!.value,
    rule: share === 1 ? 'in-force-throughout' : 'in-force-for-most',
    event: best(longest, stretch => stretch.ms)!.event,
    share,
  }
}

const sumMs = (stretches: readonly { readonly ms: number }[]): number => stretches.reduce((sum, { ms }) => sum + ms, 0)

/** The first of the largest. */
const best = <One>(all: readonly One[], size: (one: One) => number): One | undefined =>
  all.reduce<One | undefined>((most, one) => (most === undefined || size(one) > size(most) ? one : most), undefined)
