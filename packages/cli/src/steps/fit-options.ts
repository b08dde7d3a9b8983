import { availableParallelism } from 'node:os'
import { headNames } from '@takt/steps'
import { cliError } from '../errors.ts'
import type { HeadOption } from './choose-for-fit.ts'

/** What the official evaluation leaves out of edit and F1. */
const BACKGROUND_NAME = 'background'

const MOST_SEEDS = 20
const MOST_EPOCHS = 10_000

/** Options of `steps fit` as they are typed. */
interface Typed {
  readonly head: string
  readonly decoder?: string | undefined
  readonly rate?: string | undefined
  readonly epochs?: string | undefined
  readonly seed: string
  readonly seeds: string
  readonly background?: readonly string[] | undefined
  readonly threads?: string | undefined
}

/** Throws `option-invalid`, naming the value. */
export function fitOptions(typed: Typed) {
  const { head, epochs, seed, seeds, background = [BACKGROUND_NAME], threads, rate } = typed
  const { decoder = head === 'auto' ? 'auto' : 'off' } = typed
  const first = whole('seed', seed, [0, 2 ** 31])
  return {
    head: oneOf('head', head, ['auto', ...headNames] as readonly HeadOption[]),
    decoder: oneOf('decoder', decoder, ['off', 'on', 'auto'] as const),
    rate: rate === undefined ? undefined : positive('rate', rate),
    epochs: epochs === undefined ? undefined : whole('epochs', epochs, [1, MOST_EPOCHS]),
    seeds: Array.from({ length: whole('seeds', seeds, [1, MOST_SEEDS]) }, (_, index) => first + index),
    background,
    threads: threads === undefined ? availableParallelism() : whole('threads', threads, [1, 1024]),
  }
}

function whole(option: string, value: string, [least, most]: readonly [number, number]): number {
  const number = Number(value)
  if (value.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number
  throw cliError('option-invalid', { option, value, wanted: `a whole number from ${least} to ${most}` })
}

function oneOf<T extends string>(option: string, value: string, choices: readonly T[]): T {
  const found = choices.find(choice => choice === value)
  if (found === undefined) throw cliError('option-invalid', { option, value, wanted: `one of ${choices.join(', ')}` })
  return found
}

function positive(option: string, value: string): number {
  const number = Number(value)
  if (number > 0 && Number.isFinite(number)) return number
  throw cliError('option-invalid', { option, value, wanted: 'a number above 0' })
}
