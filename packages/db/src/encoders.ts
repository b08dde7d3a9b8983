import type { EncoderId } from '@takt/domain'
import type { Database } from './open-database.ts'

export interface NewEncoder {
  readonly id: EncoderId
  readonly name: string
  readonly method: string
  readonly spec: object
  readonly weightsKey: string
  readonly serving: boolean
}

/** Registers an encoder; one that is there already stays as it is. Returns whether it is new. */
export async function registerEncoder(db: Database, encoder: NewEncoder): Promise<boolean> {
  const { count } = await db.prisma.encoder.createMany({ data: [encoder], skipDuplicates: true })
  return count === 1
}

export const encoderCount = (db: Database): Promise<number> => db.prisma.encoder.count()
