import { parseArgs } from 'node:util'
import { openApi } from './api.ts'
import type { Command } from './command.ts'
import { cameras } from './commands/cameras.ts'
import { labels } from './commands/labels.ts'
import { status } from './commands/status.ts'
import { timings } from './commands/timings.ts'
import { readConfig } from './config.ts'
import { cliError } from './errors.ts'

const commands: Readonly<Record<string, Command>> = { cameras, labels, status, timings }

export const help = (): string =>
  ['takt COMMAND: talks to the plant at TAKT_URL with the API key TAKT_KEY.', '']
    .concat(Object.values(commands).map(({ usage, about }) => `  takt ${usage}\n      ${about}`))
    .join('\n')

/** Runs what the command line says and returns what is to be printed: lines, or with `--json` one object. */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      from: { type: 'string' },
      to: { type: 'string' },
      source: { type: 'string' },
    },
  })
  const [name = '', ...words] = positionals
  if (values.help || name === 'help') return help()
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw cliError('command-unknown', { command: name, known: Object.keys(commands) })
  const { json, help: _, ...options } = values
  const { answer, lines } = await command.run({ api: openApi(readConfig(env)), words, options })
  return json ? JSON.stringify(answer) : lines.join('\n')
}
