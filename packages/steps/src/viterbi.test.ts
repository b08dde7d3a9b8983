import { describe, expect, it } from 'vitest'
import { everyPath } from '../test/every-path.ts'
import { randomWindows } from '../test/random-windows.ts'
import { bestPath } from './viterbi.ts'

describe('bestPath', () => {
  it.each(randomWindows())('finds the most probable of all paths: $name', ({ window }) => {
    const best = everyPath(window).reduce((a, b) => (b.weight > a.weight ? b : a))
    expect(bestPath(window)).toEqual(best.segments)
  })

  it('lets an anchor last when the window is empty', () => {
    const anchored = randomWindows().find(({ window }) => window.anchor !== undefined)!.window
    const { classIndex } = anchored.anchor!
    expect(bestPath({ ...anchored, evidence: [] })).toEqual([{ classIndex, start: -1, end: 0 }])
  })
})
