import type { EncoderId, HeadId, StationId, UtcMs } from '@takt/domain'
import { dbError } from './errors.ts'
import type { Database } from './open-database.ts'
import type { ReleasedStep } from './releases.ts'

/** A declared range of labels on a station's time. */
export interface FitRange {
  readonly startMs: UtcMs
  readonly endMs: UtcMs
  readonly labels: readonly { readonly startMs: UtcMs; readonly endMs: UtcMs; readonly label: string }[]
}

/** What a `fit` job has to do. */
export interface FitWork {
  readonly head: HeadId
  readonly station: StationId
  readonly encoder: EncoderId
  readonly state: 'fitting' | 'ready' | 'failed'
  readonly createdAtMs: UtcMs
  readonly steps: readonly Omit<ReleasedStep, 'id' | 'expectedMs'>[]
  readonly parentOf: ReadonlyMap<string, string>
  readonly ranges: readonly FitRange[]
}

/**
 * A head that waits to be fitted, with every label of its station: those given to the station, and those given to a
 * camera that one of its views looks through. Throws `head-unknown`.
 */
export async function fitWork(db: Database, head: HeadId): Promise<FitWork> {
  const row = await db.prisma.head.findUnique({
    where: { id: head },
    include: {
      processVersion: { include: { steps: { orderBy: { position: 'asc' }, include: { parent: true } } } },
      station: { include: { views: { include: { revisions: { select: { cameraId: true } } } } } },
    },
  })
  if (!row) throw dbError('head-unknown', { head })
  const cameras = row.station.views.flatMap(view => view.revisions.map(revision => revision.cameraId))
  const ranges = await db.prisma.labelRange.findMany({
    where: {
      OR: [
        { sourceKind: 'station', source: row.stationId },
        { sourceKind: 'camera', source: { in: cameras } },
      ],
    },
    include: { labels: { orderBy: { startsAt: 'asc' } } },
    orderBy: { startsAt: 'asc' },
  })
  return {
    head,
    station: row.stationId,
    encoder: row.encoderId,
    state: row.state as FitWork['state'],
    createdAtMs: row.createdAt.getTime(),
    steps: row.processVersion.steps.map(step => ({
      name: step.name,
      level: step.level as ReleasedStep['level'],
      position: step.position,
      opensCycle: step.opensCycle,
      optional: step.optional,
      repeats: step.repeats,
      anyOrderGroup: step.anyOrderGroup,
    })),
    parentOf: new Map(row.processVersion.steps.flatMap(step => (step.parent ? [[step.name, step.parent.name]] : []))),
    ranges: ranges.map(range => ({
      startMs: range.startsAt!.getTime(),
      endMs: range.endsAt!.getTime(),
      labels: range.labels.map(label => ({
        startMs: label.startsAt!.getTime(),
        endMs: label.endsAt!.getTime(),
        label: label.step,
      })),
    })),
  }
}

/** Heads that have waited to be fitted since before `olderThan`: what the sweep puts back on the queue. */
export async function headsToFit(
  db: Database,
  { olderThan, limit }: { readonly olderThan: Date; readonly limit: number },
): Promise<HeadId[]> {
  const rows = await db.prisma.head.findMany({
    where: { state: 'fitting', createdAt: { lt: olderThan } },
    orderBy: { createdAt: 'asc' },
    take: limit,
    select: { id: true },
  })
  return rows.map(row => row.id)
}

/** Makes a fitted head ready to be released. */
export async function recordFitted(
  db: Database,
  head: HeadId,
  fitted: { readonly objectKey: string; readonly scores: object },
): Promise<void> {
  await db.prisma.head.update({
    where: { id: head },
    data: { state: 'ready', error: null, fittedAt: new Date(), ...fitted },
  })
}

/** Says why a head could not be fitted. */
export async function recordFitFailed(db: Database, head: HeadId, error: string): Promise<void> {
  await db.prisma.head.updateMany({ where: { id: head, state: 'fitting' }, data: { state: 'failed', error } })
}
