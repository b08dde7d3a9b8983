import { describe, expect, it } from 'vitest'
import { everyPath } from '../test/every-path.ts'
import { randomWindows } from '../test/random-windows.ts'
import { tinyHead } from '../test/tiny-head.ts'
import { smooth } from './smooth.ts'
import type { Window } from './window.ts'

/** The posterior summed over every path. */
function posteriorByEnumeration(window: Window) {
  const size = window.evidence.length * window.head.classes.length
  const posterior = { starts: new Float64Array(size), ends: new Float64Array(size), occupancy: new Float64Array(size) }
  const paths = everyPath(window)
  const total = paths.reduce((sum, path) => sum + path.weight, 0)
  const classCount = window.head.classes.length
  for (const { segments, weight } of paths) {
    for (const { classIndex, start, end } of segments) {
      const share = weight / total
      if (start >= 0) posterior.starts[start * classCount + classIndex]! += share
      if (end > 0 && end < window.evidence.length) posterior.ends[(end - 1) * classCount + classIndex]! += share
      for (let u = Math.max(0, start); u < end; u++) posterior.occupancy[u * classCount + classIndex]! += share
    }
  }
  return posterior
}

describe('smooth', () => {
  it.each(randomWindows())('sums over all paths: $name', ({ window }) => {
    const expected = posteriorByEnumeration(window)
    const actual = smooth(window)
    for (const name of ['starts', 'ends', 'occupancy'] as const) {
      for (const [at, value] of expected[name].entries()) expect(actual[name][at]).toBeCloseTo(value, 10)
    }
  })

  it.each([58, 150])('stays finite on a window of %i steps under the most contrary evidence', length => {
    const head = tinyHead(3, 3, 200, { lookAheadSteps: 16, lagSteps: 20 })
    const floor = Math.log(1e-3 / 3)
    const evidence = Array.from({ length }, (_, u) => Float32Array.from([0, 1, 2], k => (k === u % 3 ? 0 : floor)))
    const { occupancy } = smooth({ head, anchor: undefined, evidence })
    for (let u = 0; u < evidence.length; u++) {
      const row = occupancy.subarray(u * 3, u * 3 + 3)
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6)
    }
  })
})
