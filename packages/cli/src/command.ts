import type { ParseArgsConfig, parseArgs } from 'node:util'
import type { Api } from './api.ts'

export type Options = NonNullable<ParseArgsConfig['options']>
type Values<O extends Options> = ReturnType<typeof parseArgs<{ readonly options: O }>>['values']

export interface CommandInput<O extends Options> {
  /** Opens the plant's API. Throws `variable-missing`. */
  readonly api: () => Api
  /** What follows the command's name, options aside. */
  readonly words: readonly string[]
  readonly options: Values<O>
  /** Says how far it is, to people. */
  readonly say: (line: string) => void
}

/** One command: its answer for programs, and the same as lines for people. */
export interface Command<O extends Options = Options> {
  readonly usage: string
  readonly about: string
  /** Its own options, besides `--json` and `--help`. */
  readonly options: O
  readonly run: (input: CommandInput<O>) => Promise<{ readonly answer: object; readonly lines: readonly string[] }>
}

/** A row of the table of commands, its options' types kept inside. */
export const command = <O extends Options>(row: Command<O>): Command => row as unknown as Command
