import pg from 'pg'
import { connectionOf } from './connection.mjs'

/** Postgres' error codes as Prisma's. */
const prismaCode = { '3D000': 'P1003', '42P04': 'P1009' }

const commands = {
  'can-connect-to-database': ({ database, run }) => run(database, 'select 1'),
  'create-database': ({ database, run }) => run('postgres', `create database ${pg.escapeIdentifier(database)}`),
  'drop-database': ({ database, run }) =>
    run('postgres', `drop database ${pg.escapeIdentifier(database)} with (force)`),
}

/** Runs one command and returns the exit code. The CLI discards stderr's first line, so a banner goes first. */
export async function runDatabaseCommand(name, url) {
  const options = connectionOf(url).pg
  const run = async (database, sql) => {
    const client = new pg.Client({ ...options, database })
    await client.connect()
    try {
      await client.query(sql)
    } finally {
      await client.end()
    }
  }
  try {
    await commands[name]({ database: options.database, run })
    return 0
  } catch (error) {
    const fields = { is_panic: false, error_code: prismaCode[error.code] ?? 'P1001', message: error.message, meta: {} }
    const line = { timestamp: new Date().toISOString(), level: 'ERROR', fields, target: 'schema_engine::logger' }
    process.stderr.write(`schema engine (wasm)\n${JSON.stringify(line)}\n`)
    return 1
  }
}
