import type { Named } from '@takt/nn'

/** The values whose names are chosen, in the same order. */
export function pickNamed<T>(named: Named<T>, chosen: (name: string) => boolean): Named<T> {
  return Object.fromEntries(Object.entries(named).filter(([name]) => chosen(name)))
}
