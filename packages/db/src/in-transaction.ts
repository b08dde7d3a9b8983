import type pg from 'pg'
import type { Database } from './open-database.ts'

/** Runs `work` in one transaction on one connection: committed when it returns, rolled back when it throws. */
export async function inTransaction<Result>(
  db: Database,
  work: (sql: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  // The pool does not listen on a connection that it has lent out: one that breaks would end the process.
  const onBroken = (cause: Error) => {
    broken = cause
  }
  client.on('error', onBroken)
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(onBroken)
    throw error
  } finally {
    client.off('error', onBroken)
    // A connection that broke, or could not even roll back, is not given to anyone else.
    client.release(broken)
  }
}
