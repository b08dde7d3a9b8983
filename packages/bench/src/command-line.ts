import { parseArgs } from 'node:util'
import { type BenchmarkName, benchmarkNames, isBenchmarkName } from './benchmarks.ts'
import { benchError } from './errors.ts'
import { parseSslOptions, type SslOptions } from './ssl/ssl-options.ts'

export interface CommandLine {
  readonly name: BenchmarkName
  /** One line of JSON instead of several. */
  readonly json: boolean
  /** Say what there is, run nothing. */
  readonly list: boolean
  readonly quick: boolean
  readonly millions: number
  /** Sequences of `fit`, where not its own number. */
  readonly sequences: number | undefined
  readonly ssl: SslOptions
  /** A Python with torch, for rivals; without it they are left out. */
  readonly python: string | undefined
}

/**
 * Reads `NAME [--json] [--quick] [--millions N] [--sequences N] [--python PATH]`, for `ssl` also `[--methods A,B]
 * [--budget SECONDS] [--films A,B] [--seeds N]`, or `--list`; throws `benchmark-unknown` and `option-invalid`.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      millions: { type: 'string' },
      sequences: { type: 'string' },
      python: { type: 'string' },
      methods: { type: 'string' },
      budget: { type: 'string' },
      films: { type: 'string' },
      seeds: { type: 'string' },
    },
  })
  const { json, list, quick, python } = values
  const name = positionals[0] ?? ''
  if (positionals.length > 1 || !(isBenchmarkName(name) || list))
    throw benchError('benchmark-unknown', { name: positionals.join(' '), known: benchmarkNames.join(', ') })
  const sizes = { millions: readMillions(values.millions, quick), sequences: readSequences(values.sequences) }
  return { name: name as BenchmarkName, json, list, quick, ...sizes, ssl: parseSslOptions(values), python }
}

function readMillions(text: string | undefined, quick: boolean): number {
  if (text === undefined) return quick ? 0.02 : 10
  const millions = Number(text)
  if (millions > 0 && millions <= 1000) return millions
  throw benchError('option-invalid', { option: 'millions', value: text, wanted: 'a number above 0, at most 1000' })
}

function readSequences(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const sequences = Number(text)
  if (text !== '' && Number.isInteger(sequences) && sequences >= 2 && sequences <= 1000) return sequences
  throw benchError('option-invalid', { option: 'sequences', value: text, wanted: 'a whole number from 2 to 1000' })
}
