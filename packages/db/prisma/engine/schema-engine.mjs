#!/usr/bin/env node
// The schema engine that the stock Prisma CLI starts (PRISMA_SCHEMA_ENGINE_BINARY), backed by WebAssembly and node-postgres,
// so that migrations run in a closed network where no engine binary can be downloaded.
// Two ways of being called: `cli <can-connect-to-database|create-database|drop-database>`, and JSON-RPC over stdio.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runDatabaseCommand } from './database-command.mjs'
import { openEngine } from './engine.mjs'
import { serveJsonRpc } from './json-rpc.mjs'

const argv = process.argv.slice(2)
const option = name => {
  const at = argv.indexOf(name)
  return at < 0 ? undefined : argv[at + 1]
}

if (argv.includes('--version')) {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  process.stdout.write(`schema-engine-cli ${version.split('.').pop()}\n`)
  process.exit(0)
}

const datasource = option('--datasource') ?? option('-d')
const url = datasource ? JSON.parse(datasource).url : undefined

if (argv.includes('cli')) process.exit(await runDatabaseCommand(argv[argv.indexOf('cli') + 1], url))

const files = option('--datamodels')
await serveJsonRpc(process.stdin, process.stdout, () => openEngine({ url, datamodels: files && readDatamodels(files) }))

/** The CLI gives one path, or base64 of `[[path, text], …]` when the schema has several files. */
function readDatamodels(given) {
  try {
    return [[given, readFileSync(given, 'utf8')]]
  } catch (notAPath) {
    if (notAPath.code !== 'ENOENT' && notAPath.code !== 'ENAMETOOLONG') throw notAPath
    return JSON.parse(Buffer.from(given, 'base64').toString())
  }
}
