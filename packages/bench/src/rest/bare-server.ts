import fastify from 'fastify'
import pg from 'pg'
import { bareServerConfig } from '../config.ts'
import { timingSql } from './timing-sql.ts'

/**
 * The rival: fastify and `pg` with nothing around them. No schemas, keys, limits, metrics, pages or log; the
 * statement and its type parsers are the API's, so that both send the same bytes of rows.
 */
const { databaseUrl, connections, port } = bareServerConfig()
const pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
const app = fastify()

app.get('/health/ready', async () => 'ready')

app.get<{ Querystring: { station: string; from: string; to: string; limit: string } }>('/v1/timings', async request => {
  const { station, from, to, limit } = request.query
  const query = await timingSql({ station, from: new Date(from), to: new Date(to), limit: Number(limit) + 1 })
  const { rows } = await pool.query(query)
  return { items: rows }
})

process.once('SIGTERM', () => app.close().then(() => pool.end()))
await app.listen({ host: '127.0.0.1', port })
