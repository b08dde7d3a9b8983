import type { Where } from './where.ts'

/** No interval is longer: whoever writes one cuts it there, so that a window needs to look back only so far. */
export const longestIntervalMs = 3_600_000
/** No cycle is longer. */
export const longestCycleMs = 86_400_000

/**
 * How far a start may have moved since it first was final, which is the row's anchor. A revision keeps an id only while
 * old and new share at least half their time, so a start moves by less than an interval a revision.
 */
const anchorSlackMs = 86_400_000

/** A stretch of UTC, either end open. */
export interface Window {
  readonly from?: Date | undefined
  readonly to?: Date | undefined
}

/**
 * What overlaps `[from, to)`: `starts_at >= from - longest and ends_at > from and starts_at < to`.
 * The bounds on the anchor choose the partitions.
 */
export const andOverlaps = (where: Where, { from, to }: Window, longestMs: number): void => {
  if (from) {
    const earliest = from.getTime() - longestMs
    where.and(p => `i.starts_at >= ${p}`, new Date(earliest))
    where.and(p => `i.ends_at > ${p}`, from)
    where.and(p => `i.anchor_at >= ${p}`, new Date(earliest - anchorSlackMs))
  }
  if (to) {
    where.and(p => `i.starts_at < ${p}`, to)
    where.and(p => `i.anchor_at < ${p}`, new Date(to.getTime() + anchorSlackMs))
  }
}

/** Where the page before ended, in the order of start and id. */
export interface PageKey {
  readonly startsAt: Date
  readonly id: string
}

export const andAfter = (where: Where, after: PageKey | undefined): void => {
  if (!after) return
  const id = where.parameter(after.id)
  where.and(p => `i.starts_at >= ${p} and (i.starts_at, i.id) > (${p}, ${id}::uuid)`, after.startsAt)
}
