import { sslError } from './errors.ts'

/** Throws `bad_trainer` unless `value` is an integer from `least`. */
export function requireInteger(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw sslError('bad_trainer', { name, value, expected: `an integer from ${least}` })
}
