import { type MethodName, methodNames } from '@takt/recording'
import { benchError } from '../errors.ts'

/** What `ssl` is to run, where not its own choice. */
export interface SslOptions {
  readonly methods: readonly MethodName[] | undefined
  /** Longest time of a run, reading its film included. */
  readonly budgetSeconds: number | undefined
  readonly films: number | undefined
  /** Encoders a film: 1 to this decide weights at first, views and masks. */
  readonly seeds: number | undefined
}

/** The options of `ssl` as they were typed. */
export interface SslTexts {
  readonly methods?: string | undefined
  readonly budget?: string | undefined
  readonly films?: string | undefined
  readonly seeds?: string | undefined
}

/** Throws `option-invalid`. */
export function parseSslOptions({ methods, budget, films, seeds }: SslTexts): SslOptions {
  return {
    methods: methods === undefined ? undefined : parseMethods(methods),
    budgetSeconds: parseCount('budget', budget, 86_400),
    films: parseCount('films', films, 9),
    seeds: parseCount('seeds', seeds, 100),
  }
}

/** Each once, in the order of the table. */
function parseMethods(text: string): readonly MethodName[] {
  const named = text.split(',')
  const unknown = named.find(name => !(methodNames as readonly string[]).includes(name))
  if (unknown !== undefined)
    throw benchError('option-invalid', { option: 'methods', value: text, wanted: `some of ${methodNames.join(',')}` })
  return methodNames.filter(name => named.includes(name))
}

function parseCount(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text)
  throw benchError('option-invalid', { option, value: text, wanted: `a whole number from 1 to ${most}` })
}
