import type { UtcMs } from './grid.ts'
import type { IntervalId } from './identifiers.ts'
import type { DecodedInterval } from './interval.ts'
import { intersectionOverUnion, overlapMs, type Range } from './range.ts'
import { slotOf } from './timeline.ts'

/** An interval's content: what a revision replaces. */
export type IntervalContent = Omit<DecodedInterval, 'ordinal'>

/** A published interval. */
export interface CurrentInterval extends IntervalContent {
  readonly id: IntervalId
}

/** What a person decided: this step happened here, or (`null`) nothing did. */
export interface PinnedInterval extends Range {
  /** The published interval that carries the decision; `null` for a removed one. */
  readonly id: IntervalId | null
  readonly step: string | null
}

/** A change that a closed period withholds until a person takes it over. */
export type Proposal =
  | { readonly kind: 'revise'; readonly id: IntervalId; readonly next: IntervalContent }
  | { readonly kind: 'tombstone'; readonly id: IntervalId }
  | { readonly kind: 'create'; readonly next: IntervalContent }

export interface WindowRevision {
  readonly keep: readonly IntervalId[]
  readonly revise: readonly { readonly id: IntervalId; readonly next: IntervalContent }[]
  readonly tombstone: readonly IntervalId[]
  readonly create: readonly IntervalContent[]
  readonly proposals: readonly Proposal[]
}

/** Two intervals of the same step are one occurrence from this intersection over union on. */
const sameOccurrence = 0.5

/** Times are published in whole milliseconds; less than that is no change. */
const roundingMs = 1

/**
 * How a re-decoded window changes what is published. The same step with the largest IoU ≥ .5 keeps its id;
 * a person's decision stands and trims what it overlaps; what starts before `frozenUntilMs` becomes a proposal.
 */
export function reviseWindow(request: {
  readonly current: readonly CurrentInterval[]
  readonly redecoded: readonly IntervalContent[]
  readonly window: Range
  readonly pinned: readonly PinnedInterval[]
  readonly frozenUntilMs: UtcMs
}): WindowRevision {
  const { window, pinned, frozenUntilMs } = request
  const touches = (interval: Range): boolean => overlapMs(interval, window) > 0
  const pinnedIds = new Set(pinned.map(pin => pin.id))
  const current = request.current.filter(touches)
  const machine = current.filter(interval => !pinnedIds.has(interval.id))
  const frozen = (interval: Range): boolean => interval.startUtcMs < frozenUntilMs
  const redecoded = request.redecoded.filter(touches).flatMap(interval => yieldTo(interval, pinned))

  const matches = matchOccurrences(machine, redecoded)
  const matched = new Set(matches.values())
  const keep = current.filter(interval => pinnedIds.has(interval.id)).map(interval => interval.id)
  const revise: { id: IntervalId; next: IntervalContent }[] = []
  const tombstone: IntervalId[] = []
  const proposals: Proposal[] = []
  const standing: Range[] = []
  for (const old of machine) {
    const next = matches.get(old)
    if (next && sameTiming(old, next)) keep.push(old.id)
    else if (frozen(old) || (next && frozen(next))) {
      keep.push(old.id)
      standing.push(old)
      proposals.push(next ? { kind: 'revise', id: old.id, next } : { kind: 'tombstone', id: old.id })
    } else if (next) revise.push({ id: old.id, next })
    else tombstone.push(old.id)
  }
  const create: IntervalContent[] = []
  for (const next of redecoded) {
    if (matched.has(next)) continue
    if (frozen(next) || standing.some(old => overlapMs(old, next) > 0)) proposals.push({ kind: 'create', next })
    else create.push(next)
  }
  return { keep, revise, tombstone, create, proposals }
}

/** Pairs each published interval with the re-decoded one that is the same occurrence, best agreement first. */
function matchOccurrences(
  current: readonly CurrentInterval[],
  redecoded: readonly IntervalContent[],
): ReadonlyMap<CurrentInterval, IntervalContent> {
  const pairs = current.flatMap(old =>
    redecoded
      .filter(next => next.step === old.step)
      .map(next => ({ old, next, iou: intersectionOverUnion(old, next) }))
      .filter(pair => pair.iou >= sameOccurrence),
  )
  const matches = new Map<CurrentInterval, IntervalContent>()
  const taken = new Set<IntervalContent>()
  for (const { old, next } of pairs.sort((a, b) => b.iou - a.iou)) {
    if (matches.has(old) || taken.has(next)) continue
    matches.set(old, next)
    taken.add(next)
  }
  return matches
}

/** What a person's decisions leave of a re-decoded interval: nothing of the same occurrence, else its longest free part. */
function yieldTo(interval: IntervalContent, pinned: readonly PinnedInterval[]): readonly IntervalContent[] {
  const touching = pinned.filter(pin => overlapMs(pin, interval) > 0)
  if (touching.length === 0) return [interval]
  const decided = touching.some(
    pin => (pin.step === interval.step || pin.step === null) && intersectionOverUnion(pin, interval) >= sameOccurrence,
  )
  if (decided) return []
  let free: Range = interval
  for (const pin of touching) {
    const before = { startUtcMs: free.startUtcMs, endUtcMs: Math.min(free.endUtcMs, pin.startUtcMs) }
    const after = { startUtcMs: Math.max(free.startUtcMs, pin.endUtcMs), endUtcMs: free.endUtcMs }
    if (overlapMs(pin, free) > 0)
      free = before.endUtcMs - before.startUtcMs >= after.endUtcMs - after.startUtcMs ? before : after
  }
  return free.endUtcMs > free.startUtcMs ? [trimTo(interval, free)] : []
}

/** A trimmed interval ends where a person's begins: its duration is a difference of UTC. */
function trimTo(interval: IntervalContent, { startUtcMs, endUtcMs }: Range): IntervalContent {
  const measured = interval.durationMs !== null
  return {
    ...interval,
    startUtcMs,
    endUtcMs,
    startSlot: slotOf(startUtcMs),
    endSlot: Math.max(slotOf(startUtcMs) + 1, slotOf(endUtcMs)),
    durationMs: measured ? endUtcMs - startUtcMs : null,
    durationSource: measured ? 'utc' : null,
  }
}

function sameTiming(a: IntervalContent, b: IntervalContent): boolean {
  const near = (x: number | null, y: number | null): boolean =>
    x === y || (x !== null && y !== null && Math.abs(x - y) < roundingMs)
  return (
    a.step === b.step &&
    a.censored === b.censored &&
    near(a.startUtcMs, b.startUtcMs) &&
    near(a.endUtcMs, b.endUtcMs) &&
    near(a.durationMs, b.durationMs)
  )
}
