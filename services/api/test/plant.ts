import type { Database } from '@takt/db'
import type { Timing } from '@takt/db/listing'
import { type IntervalMotion, slotOf } from '@takt/domain'

/** The instant that the tests' plant counts from. */
export const origin = Date.UTC(2026, 10, 24, 8)
export const at = (seconds: number): Date => new Date(origin + seconds * 1000)
export const instant = (seconds: number): string => at(seconds).toISOString()

/** A station with one view, a process of two tasks, an untrained encoder, a head and its release, and a run. */
export async function seedPlant(db: Database, name = 'bench') {
  const encoder = await db.prisma.encoder.create({
    data: { name: `vit ${name}`, method: 'untrained', spec: { dim: 8 }, weightsKey: `encoders/${name}`, serving: true },
  })
  const process = await db.prisma.process.create({ data: { name: `assembly ${name}`, externalId: 'OP-10' } })
  const version = await db.prisma.processVersion.create({
    data: { processId: process.id, version: 1, validFrom: at(-3600) },
  })
  const pick = await db.prisma.step.create({
    data: {
      processVersionId: version.id,
      level: 'task',
      name: 'pick',
      externalId: 'P1',
      position: 0,
      opensCycle: true,
    },
  })
  const screw = await db.prisma.step.create({
    data: { processVersionId: version.id, level: 'task', name: 'screw', position: 1, expectedMs: 4000 },
  })
  const station = await db.prisma.station.create({ data: { name, processId: process.id } })
  const camera = await db.prisma.camera.create({
    data: {
      name: `camera of ${name}`,
      urlSealed: new Uint8Array([1]),
      urlShown: 'rtsp://camera/1',
      coveredUntil: at(40),
    },
  })
  const view = await db.prisma.view.create({ data: { stationId: station.id, name: 'front' } })
  const viewRevision = await db.prisma.viewRevision.create({
    data: { viewId: view.id, cameraId: camera.id, validFrom: at(-3600) },
  })
  const head = await db.prisma.head.create({
    data: {
      stationId: station.id,
      encoderId: encoder.id,
      processVersionId: version.id,
      state: 'ready',
      objectKey: `heads/${name}`,
      scores: { accuracy: 0.9 },
      fittedAt: at(-60),
    },
  })
  const release = await db.prisma.release.create({
    data: { stationId: station.id, encoderId: encoder.id, headId: head.id, effectiveAt: at(0) },
  })
  const run = await db.prisma.run.create({
    data: { stationId: station.id, releaseId: release.id, fromSlot: BigInt(slotOf(origin)) },
  })
  return { encoder, process, version, pick, screw, station, camera, view, viewRevision, head, release, run }
}

export type Plant = Awaited<ReturnType<typeof seedPlant>>

/** Segments of 4 s from the origin on, stored under the keys that ingest gives them, with their coverage and slots. */
export async function seedSegments(
  db: Database,
  plant: Plant,
  slots: readonly ('embedded' | 'pending' | 'late' | 'dead' | 'lost')[],
) {
  const session = crypto.randomUUID()
  await db.prisma.session.create({ data: { id: session, cameraId: plant.camera.id, startedAt: at(0) } })
  const segments = []
  for (const [i, slot] of slots.entries()) {
    const span = { cameraId: plant.camera.id, startsAt: at(i * 4), endsAt: at(i * 4 + 4) }
    if (slot === 'lost') {
      await db.prisma.coverage.create({ data: { ...span, state: 'lost', reason: 'disconnected' } })
      continue
    }
    const segment = await db.prisma.segment.create({
      data: {
        ...span,
        sessionId: session,
        sequence: i,
        mediaStartTicks: BigInt(i * 4 * 90_000),
        durationTicks: 360_000n,
        timescale: 90_000,
        closedAt: span.endsAt,
        clockSource: 'sender-report',
        absoluteErrorMs: 20,
        objectKey: `segments/${plant.camera.id}/${session}/${i}.mp4`,
        bytes: 1000n,
        codec: 'h264',
        width: 640,
        height: 360,
      },
    })
    await db.prisma.coverage.create({ data: { ...span, state: 'observed', segmentId: segment.id } })
    await db.prisma.embedding.create({
      data: {
        viewRevisionId: plant.viewRevision.id,
        encoderId: plant.encoder.id,
        segmentId: segment.id,
        state: slot,
        ...(slot === 'embedded' && { objectKey: 'e', firstStep: i * 16, stepCount: 16 }),
        ...(slot === 'dead' && { attempts: 5, error: 'no picture could be decoded' }),
      },
    })
    segments.push(segment)
  }
  return segments
}

export interface SeededInterval {
  readonly ordinal: number
  readonly step?: 'pick' | 'screw'
  readonly startSeconds: number
  readonly endSeconds: number
  readonly censored?: Timing['censored']
  readonly cycleId?: string
  readonly motions?: readonly IntervalMotion[]
}

/** Final intervals as the recorder writes them: row, revision and change, in one order. */
export async function seedIntervals(
  db: Database,
  plant: Plant,
  intervals: readonly SeededInterval[],
): Promise<string[]> {
  const ids: string[] = []
  for (const interval of intervals) {
    const { step = 'pick', censored = 'none' } = interval
    const span = { startsAt: at(interval.startSeconds), endsAt: at(interval.endSeconds) }
    const whole = censored === 'none'
    const row = await db.prisma.intervalCurrent.create({
      data: {
        anchorAt: span.startsAt,
        stationId: plant.station.id,
        runId: plant.run.id,
        ordinal: interval.ordinal,
        releaseId: plant.release.id,
        stepId: plant[step].id,
        cycleId: interval.cycleId ?? null,
        ...span,
        durationMs: whole ? span.endsAt.getTime() - span.startsAt.getTime() : null,
        durationSource: whole ? 'media' : null,
        durationSdMs: whole ? 90 : null,
        startSdMs: 60,
        endSdMs: 70,
        absoluteErrorMs: 145,
        confidence: 0.875,
        censored,
        ...(interval.motions && { motions: interval.motions.map(motion => ({ ...motion })) }),
      },
    })
    await publish(db, {
      entity: 'interval',
      id: row.id,
      anchorAt: row.anchorAt,
      station: plant.station.id,
      revision: 1,
      kind: 'final',
      body: { id: row.id, step },
    })
    ids.push(row.id)
  }
  return ids
}

export interface Published {
  readonly entity: 'interval' | 'cycle'
  readonly id: string
  readonly anchorAt: Date
  readonly station: string
  readonly revision: number
  readonly kind: 'final' | 'revised' | 'tombstone'
  readonly reason?: string
  readonly body: object
}

/** A revision and its place in the feed. */
export async function publish(
  db: Database,
  { entity, id, anchorAt, station, revision, kind, reason, body }: Published,
): Promise<void> {
  await db.prisma.$transaction(async tx => {
    const { lastSeq } = await tx.feed.update({ where: { id: 1 }, data: { lastSeq: { increment: 1n } } })
    const data = { id, anchorAt, revision, stationId: station, kind, reason: reason ?? null, changeSeq: lastSeq, body }
    if (entity === 'interval') await tx.intervalRevision.create({ data })
    else await tx.cycleRevision.create({ data })
    await tx.change.create({ data: { seq: lastSeq, entity, entityId: id, anchorAt, revision } })
  })
}
