import { nnError } from './errors.ts'

/** Values by the path of a parameter in its tree. */
export type Named<T> = Readonly<Record<string, T>>

/** f of each value, under the same names and in the same order. */
export function mapNamed<A, B>(named: Named<A>, f: (value: A, name: string) => B): Named<B> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, f(value, name)]))
}

/** The same values with `prefix` before each name. */
export function prefixNames<T>(prefix: string, named: Named<T>): Named<T> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [prefix + name, value]))
}

/** The values whose names start with `prefix`, without it. */
export function namesBelow<T>(prefix: string, named: Named<T>): Named<T> {
  const found = Object.entries(named).filter(([name]) => name.startsWith(prefix))
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]))
}

/** Throws `unmatched_names` unless `found` has a value for each name of `expected`, and no others. */
export function requireSameNames(role: string, found: Named<unknown>, expected: Named<unknown>): void {
  const missing = Object.keys(expected).filter(name => !Object.hasOwn(found, name))
  const extra = Object.keys(found).filter(name => !Object.hasOwn(expected, name))
  if (missing.length + extra.length > 0) throw nnError('unmatched_names', { role, missing, extra })
}
