import { join } from 'node:path'
import { stateDirectoryPath } from './config.ts'
import { startPlant } from './plant.ts'
import { openStateDirectory } from './state-directory.ts'
import { untilAborted } from './until-aborted.ts'

// A plant without cameras that keeps its state: for working on a service, or against the API.
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

await using state = await openStateDirectory(join(stateDirectoryPath(), 'dev'))
await using plant = await startPlant({
  stateDir: state.path,
  durability: 'survives-power-loss',
  onUp: part => process.stderr.write(`${part} is up\n`),
  signal: interrupted.signal,
})
process.stdout.write(
  [
    `API reference   ${plant.url}/reference`,
    `admin key       ${plant.adminKey}`,
    `logs            ${join(state.path, 'logs')}`,
    'Ctrl-C stops the plant; its state stays.',
    '',
  ].join('\n'),
)
await untilAborted(interrupted.signal)
