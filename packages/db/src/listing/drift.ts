import type { Database } from '../open-database.ts'

/** A measured window of a view. */
export interface DriftRow {
  readonly viewId: string
  readonly releaseId: string
  readonly viewRevisionId: string
  readonly startsAt: Date
  readonly endsAt: Date
  readonly score: number
  readonly kind: string | null
  readonly evidence: unknown
}

/** The measured windows of a station's views that begin in `[from, to)`, in order of time. */
export const listDrift = (
  db: Database,
  { station, from, to }: { readonly station: string; readonly from: Date; readonly to: Date },
): Promise<DriftRow[]> =>
  db.prisma.viewDrift.findMany({
    where: { view: { stationId: station }, startsAt: { gte: from, lt: to } },
    orderBy: [{ startsAt: 'asc' }, { viewId: 'asc' }],
    omit: { measuredAt: true },
  })

/** The newest measured window of a view, by its names. */
export interface NewestDrift {
  readonly station: string
  readonly view: string
  readonly score: number
  readonly evidence: unknown
}

/** Of every view the newest window, where that ended at `since` or later. */
export async function newestDrift(db: Database, since: Date): Promise<NewestDrift[]> {
  const { rows } = await db.pool.query<NewestDrift>(
    `select station.name as station, v.name as view, d.score, d.evidence
     from view v join station on station.id = v.station_id
       join lateral (select * from view_drift where view_id = v.id order by starts_at desc limit 1) d on d.ends_at >= $1`,
    [since],
  )
  return rows
}
