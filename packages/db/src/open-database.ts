import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { type Prisma, PrismaClient } from './generated/client.ts'

/** Plain SQL reads int8 as a bigint. Only this pool's own queries: Prisma's adapter takes pg's defaults, and needs int8 as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid, format)),
}

/** One pool of connections, seen as Prisma's client and as plain SQL. */
export interface Database extends AsyncDisposable {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  /** Resolves when Postgres answers. */
  check(): Promise<void>
}

/** A transaction in progress. */
export type Transaction = Prisma.TransactionClient

/** Opens the pool; connections are made as they are needed. `connections` bounds them. */
export function openDatabase(options: { readonly url: string; readonly connections?: number }): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    // A statement that hangs must not hold a worker or the fence of a cursor for ever.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'takt',
    types,
  })
  // A connection that breaks while idle is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {})
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) })
  return {
    prisma,
    pool,
    check: async () => {
      await pool.query('select 1')
    },
    [Symbol.asyncDispose]: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
