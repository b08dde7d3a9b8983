import { parseArgs } from 'node:util'
import { openApi } from './api.ts'
import type { Command } from './command.ts'
import { adapt } from './commands/adapt.ts'
import { cameras } from './commands/cameras.ts'
import { discover } from './commands/discover.ts'
import { encoders } from './commands/encoders.ts'
import { evaluate } from './commands/evaluate.ts'
import { exportTimings } from './commands/export.ts'
import { labels } from './commands/labels.ts'
import { status } from './commands/status.ts'
import { steps } from './commands/steps.ts'
import { timings } from './commands/timings.ts'
import { readConfig } from './config.ts'
import { cliError } from './errors.ts'

const commands: Readonly<Record<string, Command>> = {
  adapt,
  cameras,
  discover,
  encoders,
  evaluate,
  export: exportTimings,
  labels,
  status,
  steps,
  timings,
}

const everywhere = { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const

export const help = (): string =>
  ['takt COMMAND. What is about a plant asks the one at TAKT_URL, with the API key TAKT_KEY.', '']
    .concat(Object.values(commands).map(({ usage, about }) => `  takt ${usage}\n      ${about}`))
    .join('\n')

/** Runs what the command line says and returns what is to be printed: lines, or with `--json` one object. */
export async function runCommand(
  [name = '', ...args]: readonly string[],
  { env, say = () => {} }: { readonly env: NodeJS.ProcessEnv; readonly say?: (line: string) => void },
): Promise<string> {
  if (name === 'help' || name === '--help') return help()
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw cliError('command-unknown', { command: name, known: Object.keys(commands) })
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...command.options, ...everywhere },
  })
  const { json, help: wantsHelp, ...options } = values
  if (wantsHelp) return `takt ${command.usage}\n    ${command.about}`
  const { answer, lines } = await command.run({ api: () => openApi(readConfig(env)), words: positionals, options, say })
  return json ? JSON.stringify(answer) : lines.join('\n')
}
