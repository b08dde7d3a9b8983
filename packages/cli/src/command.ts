import type { Api } from './api.ts'

export interface CommandInput {
  readonly api: Api
  /** What follows the command's name, options aside. */
  readonly words: readonly string[]
  readonly options: { readonly from?: string; readonly to?: string; readonly source?: string }
}

/** One command: its answer for programs, and the same as lines for people. */
export interface Command {
  readonly usage: string
  readonly about: string
  readonly run: (input: CommandInput) => Promise<{ readonly answer: object; readonly lines: readonly string[] }>
}
