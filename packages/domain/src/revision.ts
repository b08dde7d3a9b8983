import type { UtcMs } from './grid.ts'
import type { IntervalId } from './identifiers.ts'
import { sameMotions } from './interval-motions.ts'
import { matchOccurrences, sameOccurrenceIou } from './match-occurrences.ts'
import { intersectionOverUnion, type Range } from './range.ts'
import { type IntervalContent, trimInterval } from './trim-interval.ts'

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
  /** Published intervals of the window that stay as they are. */
  readonly keep: readonly IntervalId[]
  readonly revise: readonly { readonly id: IntervalId; readonly next: IntervalContent }[]
  readonly tombstone: readonly IntervalId[]
  readonly create: readonly IntervalContent[]
  readonly proposals: readonly Proposal[]
}

/**
 * How a re-decoded window changes what is published; an interval belongs to the window by its start. The same step
 * with the largest IoU ≥ .5 keeps its id. What a person decided stands, and so does what starts before `frozenUntilMs`:
 * the new path is trimmed to the edges of both, and its changes to frozen time become proposals.
 */
export function reviseWindow(request: {
  /** Published intervals that touch the window. */
  readonly current: readonly CurrentInterval[]
  /** The new path of the window, in order, without overlaps. */
  readonly redecoded: readonly IntervalContent[]
  readonly window: Range
  readonly pinned: readonly PinnedInterval[]
  readonly frozenUntilMs: UtcMs
}): WindowRevision {
  const { current, window, pinned, frozenUntilMs } = request
  const isFrozen = (interval: Range): boolean => interval.startUtcMs < frozenUntilMs
  const startsInside = ({ startUtcMs }: Range): boolean =>
    startUtcMs >= window.startUtcMs && startUtcMs < window.endUtcMs
  const pinnedIds = new Set(pinned.map(pin => pin.id))
  const own = current.filter(startsInside)
  const machine = own.filter(old => !pinnedIds.has(old.id))
  const path = request.redecoded.filter(startsInside).flatMap(next => yieldToPerson(next, pinned))

  const overFrozen = matchOccurrences(machine.filter(isFrozen), path)
  const withheld = [...new Set([...path.filter(isFrozen), ...overFrozen.values()])]
  const wanted = matchOccurrences(machine, withheld)
  const standing = machine.filter(old => isFrozen(old) || wanted.has(old))

  const movable = without(machine, standing)
  const immovable = [...current.filter(old => !startsInside(old)), ...standing]
  const free = without(path, withheld)
    .flatMap(next => trimInterval(next, immovable))
    .filter(startsInside)
  const matches = matchOccurrences(movable, free)
  const changed = [...matches].filter(([old, next]) => !sameTiming(old, next))
  const replaced = changed.map(([old]) => old)
  const gone = movable.filter(old => !matches.has(old))
  return {
    keep: without(own, [...replaced, ...gone]).map(old => old.id),
    revise: changed.map(([old, next]) => ({ id: old.id, next })),
    tombstone: gone.map(old => old.id),
    create: without(free, [...matches.values()]),
    proposals: [
      ...standing.flatMap(old => proposeInstead(old, wanted.get(old))),
      ...without(withheld, [...wanted.values()]).map((next): Proposal => ({ kind: 'create', next })),
    ],
  }
}

/** A person's decision absorbs the same occurrence, or any where nothing happened; what else it overlaps is trimmed. */
function yieldToPerson(next: IntervalContent, pinned: readonly PinnedInterval[]): readonly IntervalContent[] {
  const decided = pinned.some(
    pin => (pin.step ?? next.step) === next.step && intersectionOverUnion(pin, next) >= sameOccurrenceIou,
  )
  return decided ? [] : trimInterval(next, pinned)
}

function proposeInstead(old: CurrentInterval, next: IntervalContent | undefined): readonly Proposal[] {
  if (!next) return [{ kind: 'tombstone', id: old.id }]
  return sameTiming(old, next) ? [] : [{ kind: 'revise', id: old.id, next }]
}

function without<T>(all: readonly T[], some: readonly T[]): readonly T[] {
  const left = new Set(some)
  return all.filter(one => !left.has(one))
}

/** Times are published in whole milliseconds; less than one is no change. */
const roundingMs = 1

function sameTiming(a: IntervalContent, b: IntervalContent): boolean {
  return (
    a.step === b.step &&
    a.censored === b.censored &&
    sameTime(a.startUtcMs, b.startUtcMs) &&
    sameTime(a.endUtcMs, b.endUtcMs) &&
    sameTime(a.durationMs, b.durationMs) &&
    sameMotions(a.motions, b.motions)
  )
}

const sameTime = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) < roundingMs
