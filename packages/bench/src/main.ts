import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isTaktError } from '@takt/service/errors'
import { benchmarkNames, benchmarks } from './benchmarks.ts'
import { parseCommandLine } from './command-line.ts'
import { benchDirectory, rivalPython } from './config.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

const startedMs = Date.now()
const say = (line: string) =>
  process.stderr.write(`${((Date.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}\n`)

async function run(): Promise<void> {
  const {
    name,
    json,
    list,
    quick,
    millions,
    sequences,
    ssl,
    python = rivalPython(),
  } = parseCommandLine(process.argv.slice(2))
  if (list) {
    for (const each of benchmarkNames) process.stdout.write(`${each.padEnd(8)} ${benchmarks[each].about}\n`)
    return
  }
  const materialDir = join(benchDirectory(), 'material')
  await mkdir(materialDir, { recursive: true })
  const stateDir = await mkdtemp(join(benchDirectory(), `${name}-`))
  try {
    const figures = await benchmarks[name].run({
      quick,
      millions,
      sequences,
      ssl,
      python,
      stateDir,
      materialDir,
      say,
      signal: interrupted.signal,
    })
    process.stdout.write(`${JSON.stringify({ name, ...figures }, null, json ? undefined : 2)}\n`)
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}

try {
  await run()
} catch (error) {
  process.exitCode = 1
  if (interrupted.signal.aborted) say('interrupted')
  else process.stderr.write(`${isTaktError(error) ? error.message : error instanceof Error ? error.stack : error}\n`)
}
