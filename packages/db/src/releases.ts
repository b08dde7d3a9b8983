import type { EncoderId, HeadId, ReleaseId, StationId, StepId, UtcMs } from '@takt/domain'
import { dbError } from './errors.ts'
import type { Database } from './open-database.ts'

/** A release with what decoding under it needs. */
export interface ReleasedHead {
  readonly release: ReleaseId
  readonly station: StationId
  readonly encoder: EncoderId
  readonly head: HeadId
  readonly headKey: string
  readonly effectiveAtMs: UtcMs
  readonly steps: readonly ReleasedStep[]
}

export interface ReleasedStep {
  readonly id: StepId
  readonly name: string
  readonly level: 'task' | 'motion'
  readonly position: number
  readonly opensCycle: boolean
  readonly optional: boolean
  readonly repeats: boolean
  readonly anyOrderGroup: string | null
  readonly expectedMs: number | null
}

const withHead = {
  head: { include: { processVersion: { include: { steps: { orderBy: { position: 'asc' } } } } } },
} as const

/** Throws `release-unknown`. */
export async function releasedHead(db: Database, release: ReleaseId): Promise<ReleasedHead> {
  const row = await db.prisma.release.findUnique({ where: { id: release }, include: withHead })
  if (!row?.head.objectKey) throw dbError('release-unknown', { release })
  return {
    release: row.id,
    station: row.stationId,
    encoder: row.encoderId,
    head: row.headId,
    headKey: row.head.objectKey,
    effectiveAtMs: row.effectiveAt.getTime(),
    steps: row.head.processVersion.steps.map(step => ({
      id: step.id,
      name: step.name,
      level: step.level as ReleasedStep['level'],
      position: step.position,
      opensCycle: step.opensCycle,
      optional: step.optional,
      repeats: step.repeats,
      anyOrderGroup: step.anyOrderGroup,
      expectedMs: step.expectedMs,
    })),
  }
}
