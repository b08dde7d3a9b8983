/** Models of fixed length that a data set is worth: each costs a compilation and a process. */
const MOST_GROUPS = 4

/**
 * The lengths to fill sequences up to, ascending: at most four, so chosen that the time steps that only fill are fewest.
 * A graph has one length; a mask takes what only fills out of the result.
 */
export function groupLengths(times: readonly number[], most: number = MOST_GROUPS): readonly number[] {
  const lengths = [...new Set(times)].sort((a, b) => a - b)
  const counts = lengths.map(length => times.filter(other => other === length).length)
  // cost[g][n]: filled steps of the n shortest lengths in g groups; cut[g][n]: where the last group begins.
  let cost = Array.from({ length: lengths.length + 1 }, (_, n) => (n === 0 ? 0 : Infinity))
  const cuts: number[][] = []
  for (let group = 0; group < Math.min(most, lengths.length); group++) {
    const next = [...cost]
    const cut = lengths.map(() => 0)
    for (let end = 1; end <= lengths.length; end++) {
      let filled = 0
      next[end] = Infinity
      for (let from = end - 1; from >= 0; from--) {
        filled += counts[from]! * (lengths[end - 1]! - lengths[from]!)
        if (cost[from]! + filled >= next[end]!) continue
        next[end] = cost[from]! + filled
        cut[end - 1] = from
      }
    }
    cost = next
    cuts.push(cut)
  }
  const groups: number[] = []
  for (let end = lengths.length, group = cuts.length - 1; end > 0; group--) {
    groups.unshift(lengths[end - 1]!)
    end = cuts[group]![end - 1]!
  }
  return groups
}

/** The group of a sequence. */
export const groupOf = (groups: readonly number[], times: number): number => groups.find(length => length >= times)!
