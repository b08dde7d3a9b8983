import { type FeatureRows, rowCount } from '../temporal-head/feature-rows.ts'
import { binSums } from './cycle-template.ts'
import type { TriedPeriod } from './search-period.ts'

/** The mean cycle of a search, from rows before pooling: `pooling` bins for each of its. */
export function fullTemplate(rows: FeatureRows, { fitted, pooling }: TriedPeriod): FeatureRows {
  const { bins } = fitted.path
  const fine = Int32Array.from({ length: rowCount(rows) }, (_, t) => {
    return bins[Math.min(bins.length - 1, Math.floor(t / pooling))]! * pooling + (t % pooling)
  })
  const { sums, counts } = binSums(rows, fine, rowCount(fitted.template) * pooling)
  return {
    values: Float32Array.from(sums, (sum, at) => sum / Math.max(1, counts[Math.floor(at / rows.dim)]!)),
    dim: rows.dim,
  }
}
