import { type TrainingMethod, trainingMethods } from '@takt/recording'
import { benchError } from '../errors.ts'
import { type FilmName, filmNames } from '../heads/held-out-films.ts'

/** What `ssl` is to run, where not its own choice. */
export interface SslOptions {
  readonly methods: readonly TrainingMethod[] | undefined
  /** Longest time of a run, reading its film included. */
  readonly budgetSeconds: number | undefined
  readonly films: readonly FilmName[] | undefined
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
    methods: parseNames('methods', methods, trainingMethods),
    budgetSeconds: parseCount('budget', budget, 86_400),
    films: parseNames('films', films, filmNames),
    seeds: parseCount('seeds', seeds, 100),
  }
}

/** Each once, in the order of what is known. */
function parseNames<Name extends string>(
  option: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] | undefined {
  if (text === undefined) return undefined
  const named = text.split(',')
  if (named.every(name => (known as readonly string[]).includes(name)))
    return known.filter(name => named.includes(name))
  throw benchError('option-invalid', { option, value: text, wanted: `some of ${known.join(',')}` })
}

function parseCount(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text)
  throw benchError('option-invalid', { option, value: text, wanted: `a whole number from 1 to ${most}` })
}
