import type { ReleaseId, UtcMs, ViewId, ViewRevisionId } from '@takt/domain'
import type { Database } from '../open-database.ts'

/** A window of a view that was measured. */
export interface MeasuredDrift {
  readonly view: ViewId
  readonly release: ReleaseId
  readonly viewRevision: ViewRevisionId
  readonly startMs: UtcMs
  readonly endMs: UtcMs
  readonly score: number
  readonly kind: string | null
  readonly evidence: object
}

/** Writes down how far a window has drifted; one that is measured already stays as it is. Returns whether it is new. */
export async function recordDrift(db: Database, drift: MeasuredDrift): Promise<boolean> {
  const { count } = await db.prisma.viewDrift.createMany({
    data: {
      viewId: drift.view,
      releaseId: drift.release,
      viewRevisionId: drift.viewRevision,
      startsAt: new Date(drift.startMs),
      endsAt: new Date(drift.endMs),
      score: drift.score,
      kind: drift.kind,
      evidence: drift.evidence,
    },
    skipDuplicates: true,
  })
  return count === 1
}
