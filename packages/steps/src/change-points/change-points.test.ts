import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { fixedCountChangePoints } from './fixed-count.ts'
import { normalCosts } from './normal-costs.ts'
import { pelt } from './pelt.ts'
import { medianGamma, rbfCosts } from './rbf-costs.ts'
import type { SegmentCosts, Signal } from './segment-costs.ts'
import { squaredErrorCosts } from './squared-error-costs.ts'

const costsOf = {
  l2: squaredErrorCosts,
  normal: normalCosts,
  rbf: (signal: Signal) => rbfCosts(signal, medianGamma(signal)),
} as const satisfies Record<string, (signal: Signal) => SegmentCosts>

type Found = { readonly cost: keyof typeof costsOf; readonly changes: readonly number[] } & (
  | { readonly penalty: number; readonly count?: undefined }
  | { readonly count: number }
)
type Golden = {
  readonly dim: number
  readonly values: readonly number[]
  readonly leastSize: number
  readonly found: readonly Found[]
}

const golden: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(new URL('../../golden/change-points.json', import.meta.url), 'utf8'),
)

describe.each(Object.entries(golden))('where %s changes', (_, { dim, values, leastSize, found }) => {
  const signal = { values: Float64Array.from(values), dim }

  it.each(found)('agrees with ruptures: $cost', wanted => {
    const costs = costsOf[wanted.cost](signal)
    const changes =
      wanted.count === undefined
        ? pelt(costs, { penalty: wanted.penalty, leastSize })
        : fixedCountChangePoints(costs, { changeCount: wanted.count, leastSize })
    expect(changes).toEqual(wanted.changes)
  })
})

/** A random signal of up to 40 samples with a few changes of mean and spread. */
const signals = fc.record({
  seed: fc.nat(1e6),
  length: fc.integer({ min: 4, max: 40 }),
  dim: fc.integer({ min: 1, max: 3 }),
})

function draw({ seed, length, dim }: { seed: number; length: number; dim: number }): Signal {
  const { uniform, normal } = seededRandom(seed)
  let [mean, spread] = [0, 1]
  const rows = Array.from({ length }, () => {
    if (uniform() < 0.15) [mean, spread] = [3 * normal(), 0.2 + uniform()]
    return Array.from({ length: dim }, () => mean + spread * normal())
  })
  return { values: Float64Array.from(rows.flat()), dim }
}

/** A segment's cost from its definition: sums over its samples and pairs of samples. */
const definitions: Readonly<Record<keyof typeof costsOf, (rows: readonly Float64Array[], gamma: number) => number>> = {
  l2: rows => {
    const mean = rows[0]!.map((_, d) => rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length)
    return rows.reduce((sum, row) => sum + distance(row, mean), 0)
  },
  normal: rows => {
    const variances = [...rows[0]!].map((_, d) => {
      const mean = rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length
      return rows.reduce((sum, row) => sum + (row[d]! - mean) ** 2, 0) / rows.length
    })
    return rows.length * variances.reduce((sum, variance) => sum + Math.log(variance + 1e-6), 0)
  },
  rbf: (rows, gamma) => {
    const pairs = rows.flatMap(x => rows.map(y => Math.exp(-gamma * distance(x, y))))
    return rows.length - pairs.reduce((sum, k) => sum + k, 0) / rows.length
  },
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, d) => sum + (value - b[d]!) ** 2, 0)
}

/** Least penalised cost over every segmentation, without pruning; every segment pays the penalty but the first. */
function leastCost(
  cost: (start: number, end: number) => number,
  length: number,
  [penalty, leastSize]: number[],
): number {
  const best = [-penalty!, ...new Array<number>(length).fill(Infinity)]
  for (let end = leastSize!; end <= length; end++)
    for (let start = 0; start <= end - leastSize!; start++)
      best[end] = Math.min(best[end]!, best[start]! + cost(start, end) + penalty!)
  return best[length]!
}

describe.each(['l2', 'normal', 'rbf'] as const)('the cost %s', name => {
  const costAt = (signal: Signal) => {
    const rows = Array.from({ length: signal.values.length / signal.dim }, (_, t) => {
      return signal.values.subarray(t * signal.dim, (t + 1) * signal.dim)
    })
    const gamma = medianGamma(signal)
    return (start: number, end: number) => definitions[name](rows.slice(start, end), gamma)
  }

  it('is its definition', () => {
    fc.assert(
      fc.property(signals, shape => {
        const signal = draw(shape)
        const costs = costsOf[name](signal)
        const cost = costAt(signal)
        const starts = Int32Array.from({ length: costs.length }, (_, start) => start)
        const found = new Float64Array(costs.length)
        for (let end = 1; end <= costs.length; end++) {
          costs.endingAt(end, starts.subarray(0, end), found)
          for (let start = 0; start < end; start++) expect(found[start]).toBeCloseTo(cost(start, end), 6)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('is least over all segmentations, although PELT looks at few of them', () => {
    const options = fc.record({
      penalty: fc.double({ min: 0, max: 8, noNaN: true }),
      leastSize: fc.integer({ min: 2, max: 4 }),
    })
    fc.assert(
      fc.property(signals, options, (shape, { penalty, leastSize }) => {
        const signal = draw(shape)
        const cost = costAt(signal)
        const borders = [0, ...pelt(costsOf[name](signal), { penalty, leastSize }), shape.length]
        const sizes = borders.slice(1).map((end, i) => end - borders[i]!)
        expect(Math.min(...sizes)).toBeGreaterThanOrEqual(leastSize)
        const total = sizes.reduce((sum, size, i) => sum + cost(borders[i]!, borders[i]! + size), 0)
        const least = leastCost(cost, shape.length, [penalty, leastSize])
        expect(total + penalty * (sizes.length - 1)).toBeCloseTo(least, 6)
      }),
      { numRuns: 40 },
    )
  })
})

it('finds the known number of changes that leave least cost', () => {
  const signal = draw({ seed: 3, length: 14, dim: 2 })
  const changes = fixedCountChangePoints(squaredErrorCosts(signal), { changeCount: 2, leastSize: 2 })
  const rows = Array.from({ length: 14 }, (_, t) => signal.values.subarray(2 * t, 2 * t + 2))
  const costOf = (a: number, b: number) =>
    definitions.l2(rows.slice(0, a), 0) + definitions.l2(rows.slice(a, b), 0) + definitions.l2(rows.slice(b), 0)
  let best = [2, 4]
  for (let a = 2; a <= 10; a++)
    for (let b = a + 2; b <= 12; b++) if (costOf(a, b) < costOf(best[0]!, best[1]!)) best = [a, b]
  expect(changes).toEqual(best)
})

it('finds nothing in a signal that stays the same', () => {
  const signal = { values: new Float64Array(50).fill(7), dim: 1 }
  for (const costs of Object.values(costsOf)) expect(pelt(costs(signal), { penalty: 1, leastSize: 2 })).toEqual([])
  expect(fixedCountChangePoints(squaredErrorCosts(signal), { changeCount: 0, leastSize: 1 })).toEqual([])
})

it.each([
  [{ penalty: -1, leastSize: 2 }, 'penalty=-1'],
  [{ penalty: Number.NaN, leastSize: 2 }, 'penalty=NaN'],
  [{ penalty: 1, leastSize: 0 }, 'leastSize=0'],
  [{ penalty: 1, leastSize: 9 }, 'leastSize=9, samples=8'],
])('refuses %j by name', (options, message) => {
  const costs = squaredErrorCosts({ values: new Float64Array(8), dim: 1 })
  expect(() => pelt(costs, options)).toThrow(message)
})

it('refuses more changes than the signal has room for', () => {
  const costs = squaredErrorCosts({ values: new Float64Array(8), dim: 1 })
  expect(() => fixedCountChangePoints(costs, { changeCount: 4, leastSize: 2 })).toThrow('changeCount=4')
})
