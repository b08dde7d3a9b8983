import { Prisma } from './generated/client.ts'
import type { Database } from './open-database.ts'

/** Lists a job that will not be tried again by itself. */
export async function recordDeadJob(
  db: Database,
  job: { readonly queue: string; readonly kind: string; readonly args: object | null; readonly error: string },
): Promise<void> {
  await db.prisma.deadJob.create({ data: { ...job, args: job.args ?? Prisma.JsonNull } })
}
