import type { EncoderId } from '@takt/domain'
import type { Database } from './open-database.ts'

export interface NewEncoder {
  readonly id: EncoderId
  readonly name: string
  readonly method: string
  readonly spec: object
  readonly weightsKey: string
  readonly serving: boolean
  readonly learntFrom?: object
}

/** Registers an encoder; one that is there already stays as it is. Returns whether it is new. */
export async function registerEncoder(db: Database, encoder: NewEncoder): Promise<boolean> {
  const { count } = await db.prisma.encoder.createMany({ data: [encoder], skipDuplicates: true })
  return count === 1
}

/** The same for one that is brought in; a serving one takes the place of what served. Throws what Prisma does of a taken name. */
export async function registerImported(db: Database, encoder: NewEncoder): Promise<void> {
  await db.prisma.$transaction([
    ...(encoder.serving ? [db.prisma.encoder.updateMany({ where: { serving: true }, data: { serving: false } })] : []),
    db.prisma.encoder.create({ data: encoder }),
  ])
}

export const encoderCount = (db: Database): Promise<number> => db.prisma.encoder.count()
