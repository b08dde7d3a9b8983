import { availableParallelism } from 'node:os'
import { type HeadName, headNames } from '@takt/steps'
import { cliError } from '../errors.ts'

/** What the official evaluation leaves out of edit and F1. */
export const BACKGROUND_NAME = 'background'

const MOST_SEEDS = 20
const MOST_EPOCHS = 10_000

/** Options of `steps fit` as they are typed. */
interface Typed {
  readonly head: string
  readonly epochs?: string | undefined
  readonly seed: string
  readonly seeds: string
  readonly background?: readonly string[] | undefined
  readonly threads?: string | undefined
}

/** Throws `option-invalid`, naming the value. */
export function fitOptions({ head, epochs, seed, seeds, background = [BACKGROUND_NAME], threads }: Typed) {
  if (!(headNames as readonly string[]).includes(head)) {
    throw cliError('option-invalid', { option: 'head', value: head, wanted: `one of ${headNames.join(', ')}` })
  }
  const first = whole('seed', seed, [0, 2 ** 31])
  return {
    head: head as HeadName,
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
