import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { readCharAsText } from './char-type.mjs'
import { connectionOf } from './connection.mjs'
import { sendScriptsWhole } from './whole-script.mjs'

/** Commands that touch no database still want an adapter; nothing listens here. */
const nowhere = 'postgresql://nobody@127.0.0.1:1/nothing'

/** Opens the WebAssembly schema engine on a database. `datamodels`: [[path, text]]. */
export async function openEngine({ url = nowhere, datamodels }) {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: message => process.stderr.write(`${message}\n`) }
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))
  const module = new WebAssembly.Module(readFileSync(join(folder, 'schema_engine_bg.wasm')))
  const instance = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  return glue.SchemaEngine.new({ datamodels }, () => {}, adapterFactory(url))
}

const forMigrations = adapter => sendScriptsWhole(readCharAsText(adapter))

function adapterFactory(url) {
  const { pg, schema } = connectionOf(url)
  const factory = new PrismaPg(pg, { schema })
  const connect = factory.connect.bind(factory)
  factory.connect = async () => forMigrations(await connect())
  // The adapter's own version drops the shadow database while its pool is still open on it.
  factory.connectToShadowDb = async () => {
    const admin = await factory.connect()
    const database = `prisma_migrate_shadow_db_${randomUUID()}`
    await admin.executeScript(`create database "${database}"`)
    const shadow = forMigrations(await new PrismaPg({ ...pg, database }, { schema }).connect())
    const dispose = shadow.dispose.bind(shadow)
    shadow.dispose = async () => {
      await dispose()
      await admin.executeScript(`drop database "${database}" with (force)`)
      await admin.dispose()
    }
    return shadow
  }
  return bindMigrationAwareSqlAdapterFactory(factory)
}
