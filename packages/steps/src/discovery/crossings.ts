import type { FittedCycle } from './cycle-template.ts'

/** The rows at which a walk comes to a bin, or passes it, once a cycle. */
export function crossings({ path }: FittedCycle, bin: number): readonly number[] {
  const turns = (t: number) => path.cycles[t]! + (path.bins[t]! >= bin ? 1 : 0)
  const rows: number[] = []
  for (let t = 0; t < path.bins.length; t++) {
    if (t === 0 ? path.bins[0] === bin : turns(t) > turns(t - 1)) rows.push(t)
  }
  return rows
}
