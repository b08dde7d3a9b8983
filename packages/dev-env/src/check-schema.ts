import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, schemaDrift } from '@takt/db'
import { startPostgres } from './postgres.ts'

// The migrations, run on an empty database, must make exactly what schema.prisma says.
await using cleanup = new AsyncDisposableStack()
const stateDir = await mkdtemp(join(tmpdir(), 'takt-schema-'))
cleanup.defer(() => rm(stateDir, { recursive: true, force: true }))
const postgres = cleanup.use(await startPostgres({ stateDir, durability: 'fast' }))
await migrate(postgres.url)
await migrate(postgres.url)
const drift = await schemaDrift(postgres.url)
if (drift === null) process.stdout.write('schema.prisma and the migrations agree\n')
else {
  process.stdout.write(`schema.prisma and the migrations differ:\n${drift}\n`)
  process.exitCode = 1
}
