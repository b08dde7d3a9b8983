import type { CameraId, SessionId } from '@takt/domain'
import type { Database } from './open-database.ts'

/** Opens a session's row before its first segment. */
export async function openSession(
  db: Database,
  session: { id: SessionId; camera: CameraId; startedAt: Date },
): Promise<void> {
  await db.prisma.session.upsert({
    where: { id: session.id },
    create: { id: session.id, cameraId: session.camera, startedAt: session.startedAt },
    update: {},
  })
}

/** Ends a session with the outcome that ingest saw. */
export async function closeSession(
  db: Database,
  session: { id: SessionId; endedAt: Date; outcome: string },
): Promise<void> {
  await db.prisma.session.updateMany({
    where: { id: session.id, endedAt: null },
    data: { endedAt: session.endedAt, outcome: session.outcome },
  })
}
