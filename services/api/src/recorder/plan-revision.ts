import type { CycleRow, IntervalRow, Publication, PublishedStretch, ReleasedHead, RunStretch } from '@takt/db'
import {
  type CycleDraft,
  cyclesOf,
  type DecodedInterval,
  type IntervalContent,
  matchOccurrences,
  nearestSlot,
  noCycleYet,
  type PinnedInterval,
  type Range,
  reviseWindow,
  slotOf,
} from '@takt/domain'
import { cycleContent, cycleRuleOf, stepIdOf, timesOf } from './plan-commit.ts'

/** A re-decoded stretch of a run, beside what is published there. */
export interface RevisionInput {
  readonly published: PublishedStretch
  readonly redecoded: readonly DecodedInterval[]
  /** Where people said that nothing happened. */
  readonly removals: readonly PinnedInterval[]
  readonly gaps: readonly Range[]
  /** Cut at cycle starts on which both paths agree, as far as there are any. */
  readonly window: Range
  readonly run: RunStretch
  readonly released: ReleasedHead
  readonly reason: string
  readonly newId: () => string
}

/** What changes when a window is decoded anew: revised, created and removed intervals, and the cycles made of them. */
export function planRevision(input: RevisionInput): Publication[] {
  const { published, window, released, reason } = input
  const nameOf = new Map(released.steps.map(step => [step.id, step.name]))
  const current = published.intervals.map(row => ({ ...contentOf(row, nameOf), id: row.id }))
  const pinned = [
    ...published.intervals
      .filter(row => row.author === 'person')
      .map(row => ({ ...contentOf(row, nameOf), id: row.id })),
    ...input.removals,
  ]
  const plan = reviseWindow({
    current,
    redecoded: input.redecoded,
    window,
    pinned,
    frozenUntilMs: Number.NEGATIVE_INFINITY,
  })
  const gone = new Set(plan.tombstone)
  const revised = new Map(plan.revise.map(({ id, next }) => [id, next]))
  const intervals = [
    ...published.intervals
      .filter(row => !gone.has(row.id))
      .map(row => (revised.has(row.id) ? { ...row, ...rowOf(revised.get(row.id)!, input) } : row)),
    ...plan.create.map(content => createInterval(content, input)),
  ].sort((a, b) => a.startsAt - b.startsAt)
  const { cycles, cycleOf } = recomputeCycles(intervals, input, nameOf)
  const before = new Map(published.intervals.map(row => [row.id, row]))
  return [
    ...intervals
      .map(row => ({ ...row, cycleId: cycleOf(row) }))
      .flatMap((row): Publication[] => {
        const was = before.get(row.id)
        if (!was) return [{ entity: 'interval', row, kind: 'final', reason }]
        return revised.has(row.id) || was.cycleId !== row.cycleId
          ? [{ entity: 'interval', row: { ...row, revision: was.revision + 1 }, kind: 'revised', reason }]
          : []
      }),
    ...plan.tombstone.map((id): Publication => {
      const row = before.get(id)!
      return { entity: 'interval', row: { ...row, revision: row.revision + 1 }, kind: 'tombstone', reason }
    }),
    ...cycles,
  ]
}

/** The cycles that have any part in the window, judged anew by the intervals as they are now. */
function recomputeCycles(
  intervals: readonly IntervalRow[],
  { published, gaps, window, run, released, reason, newId }: RevisionInput,
  nameOf: ReadonlyMap<string, string>,
): { readonly cycles: Publication[]; readonly cycleOf: (row: IntervalRow) => string | null } {
  const numbered = intervals.map((row, ordinal) => ({ ...contentOf(row, nameOf), ordinal }))
  const rule = cycleRuleOf(released)
  const { closed } = cyclesOf({ intervals: numbered, gaps, rule, carry: noCycleYet })
  const touched = closed.filter(draft => draft.startUtcMs < window.endUtcMs && draft.endUtcMs! > window.startUtcMs)
  const stillOpens = new Set(numbered.filter(({ step }) => rule.opensCycle(step)).map(({ startUtcMs }) => startUtcMs))
  const judged = judgedStretch(published.intervals, closed)
  const olds = published.cycles
    .filter(row => row.startsAt < window.endUtcMs && row.endsAt > window.startUtcMs)
    .filter(row => row.startsAt >= judged.startUtcMs)
    .filter(row => row.endsAt <= judged.endUtcMs || !stillOpens.has(row.startsAt))
    .map(row => ({ row, step: 'cycle', startUtcMs: row.startsAt, endUtcMs: row.endsAt }))
  const news = touched.map(draft => ({ draft, step: 'cycle', startUtcMs: draft.startUtcMs, endUtcMs: draft.endUtcMs! }))
  const matches = matchOccurrences(olds, news)
  const oldOf = new Map([...matches].map(([old, next]) => [next.draft, old.row]))
  const next = touched.map(draft => ({ draft, row: cycleRowOf(draft, oldOf.get(draft)) }))
  const member = new Map(next.flatMap(({ draft, row }) => draft.intervalOrdinals.map(i => [intervals[i]!.id, row.id])))
  // An interval that a judged cycle does not take in belongs to none, also where it did before.
  const judgedIds = new Set([...olds, ...next].map(({ row }) => row.id))
  return {
    cycleOf: row => member.get(row.id) ?? (row.cycleId !== null && judgedIds.has(row.cycleId) ? null : row.cycleId),
    cycles: [
      ...next.flatMap(({ draft, row }): Publication[] => {
        const was = oldOf.get(draft)
        if (was && sameCycle(was, row)) return []
        return [{ entity: 'cycle', row, kind: was ? 'revised' : 'final', reason }]
      }),
      ...olds
        .filter(old => !matches.has(old))
        .map(({ row }): Publication => {
          return { entity: 'cycle', row: { ...row, revision: row.revision + 1 }, kind: 'tombstone', reason }
        }),
    ],
  }

  function cycleRowOf(draft: CycleDraft, was: CycleRow | undefined): CycleRow {
    if (was) return { ...was, ...cycleContent(draft), releaseId: run.release, revision: was.revision + 1 }
    return {
      id: newId(),
      anchorAt: draft.startUtcMs,
      stationId: released.station,
      runId: run.run,
      ordinal: createdOrdinal(draft.startUtcMs, run, published.cycles),
      releaseId: run.release,
      ...cycleContent(draft),
      revision: 1,
    }
  }
}

/**
 * Which published cycles can be judged: those whose first interval was read, up to where the new path closes its last
 * cycle. One that reaches further begins or ends outside of what is known here, and stands while its first step does.
 */
function judgedStretch(read: readonly IntervalRow[], closed: readonly CycleDraft[]): Range {
  return {
    startUtcMs: read[0]?.startsAt ?? Number.POSITIVE_INFINITY,
    endUtcMs: closed.at(-1)?.endUtcMs ?? Number.NEGATIVE_INFINITY,
  }
}

const sameCycle = (a: CycleRow, b: CycleRow): boolean =>
  a.startsAt === b.startsAt &&
  a.endsAt === b.endsAt &&
  a.durationMs === b.durationMs &&
  a.censored === b.censored &&
  a.outOfOrder === b.outOfOrder &&
  judgementOf(a) === judgementOf(b)

const judgementOf = (row: CycleRow): string => {
  const { workMs, idleMs, idleAfterMs, unseenMs, missing, repeated, interrupted, extra, misplaced } = row
  return JSON.stringify([workMs, idleMs, idleAfterMs, unseenMs, missing, repeated, interrupted, extra, misplaced])
}

/** Ordinals for what revisions create at one slot, one after the other: an old one may stand where it no longer is. */
const ordinalsASlot = 4

/**
 * What revisions create counts downwards by its place, since the run itself has given out the ordinals from 0:
 * 4 a slot, the first that nothing published here has.
 */
function createdOrdinal(startMs: number, run: RunStretch, published: readonly { readonly ordinal: number }[]): number {
  const taken = new Set(published.map(row => row.ordinal))
  let ordinal = ordinalsASlot * (slotOf(run.fromMs) - slotOf(startMs)) - 1
  while (taken.has(ordinal)) ordinal--
  return ordinal
}

const createInterval = (content: IntervalContent, input: RevisionInput): IntervalRow => ({
  id: input.newId(),
  anchorAt: content.startUtcMs,
  stationId: input.released.station,
  runId: input.run.run,
  ordinal: createdOrdinal(content.startUtcMs, input.run, input.published.intervals),
  cycleId: null,
  author: 'machine',
  revision: 1,
  ...rowOf(content, input),
})

const rowOf = (content: IntervalContent, { released }: RevisionInput) => ({
  ...timesOf(content),
  stepId: stepIdOf(content.step, released),
  releaseId: released.release,
})

const contentOf = (row: IntervalRow, nameOf: ReadonlyMap<string, string>): IntervalContent => ({
  step: nameOf.get(row.stepId) ?? row.stepId,
  startSlot: nearestSlot(row.startsAt),
  endSlot: nearestSlot(row.endsAt),
  startUtcMs: row.startsAt,
  endUtcMs: row.endsAt,
  durationMs: row.durationMs,
  durationSource: row.durationSource,
  startSdMs: row.startSdMs,
  endSdMs: row.endSdMs,
  durationSdMs: row.durationSdMs ?? 0,
  absoluteErrorMs: row.absoluteErrorMs,
  confidence: row.confidence,
  censored: row.censored,
  evidence: row.evidence,
  motions: row.motions ?? undefined,
})
