/** Mean of the scores that there are: a sequence without anything to score has none. Null of none. */
export function mean(scores: readonly (number | null)[]): number | null {
  const known = scores.filter(score => score !== null)
  return known.length === 0 ? null : known.reduce((sum, score) => sum + score, 0) / known.length
}
