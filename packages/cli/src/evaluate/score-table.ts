import type { Scores } from '@takt/recording'

const columns = {
  accuracy: ['acc', 1],
  edit: ['edit', 1],
  f1At10: ['F1@10', 1],
  f1At25: ['F1@25', 1],
  f1At50: ['F1@50', 1],
  medianBoundarySeconds: ['border s', 2],
  p95BoundarySeconds: ['p95 s', 2],
  recall: ['found %', 1],
  meanDurationErrorSeconds: ['time s', 2],
} as const satisfies Partial<Record<keyof Scores, readonly [heading: string, decimals: number]>>

/** Medians over the seeds, a line a name. */
export function scoreTable(results: Readonly<Record<string, Scores>>): readonly string[] {
  const cells = Object.entries(columns) as [keyof typeof columns, readonly [string, number]][]
  const width = Math.max(12, ...Object.keys(results).map(name => name.length + 2))
  const heading = `${''.padEnd(width)}${cells.map(([, [title]]) => title.padStart(10)).join('')}`
  const rows = Object.entries(results).map(([name, scores]) => {
    const values = cells.map(([key, [, decimals]]) => (scores[key]?.toFixed(decimals) ?? '–').padStart(10))
    return `${name.padEnd(width)}${values.join('')}`
  })
  return [heading, ...rows]
}
