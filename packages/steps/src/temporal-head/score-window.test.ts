import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { type SeenRow, scoreWindow } from './score-window.ts'
import { networkOf, networkShapes, REACH, WINDOW } from './window-network.ts'

const sizes = { inputs: 5, classes: 3, maps: 6 }
const { normal, uniform } = seededRandom(1)
const shapes = networkShapes(sizes)
const network = networkOf(path => {
  const [outputs, inputs] = shapes[path]!
  return {
    weights: Float32Array.from({ length: outputs * inputs }, () => normal() / Math.sqrt(inputs)),
    biases: Float32Array.from({ length: outputs }, normal),
  }
})
const randomRows = (length: number, unseen: number): SeenRow[] =>
  Array.from({ length }, () => (uniform() < unseen ? undefined : Float32Array.from({ length: sizes.inputs }, normal)))

test('scores of many steps at once are those of each step by itself, to the bit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 0.1, 0.5), (targets, unseen) => {
      const rows = randomRows(targets + 2 * REACH, unseen)
      const apart = Array.from({ length: targets }, (_, at) => scoreWindow(network, rows.slice(at, at + WINDOW))[0])
      expect(scoreWindow(network, rows)).toEqual(apart)
    }),
    { numRuns: 20 },
  )
})

test('a score depends on every step of its window, and on none beyond', () => {
  const rows = randomRows(WINDOW + 2, 0)
  const score = (changed: number) =>
    scoreWindow(
      network,
      rows.with(
        changed,
        rows[changed]!.map(value => value + 1),
      ),
    )[1]
  const plain = scoreWindow(network, rows)[1]
  for (let at = 0; at < rows.length; at++) {
    if (at === 0 || at === rows.length - 1) expect(score(at)).toEqual(plain)
    else expect(score(at)).not.toEqual(plain)
  }
})

test('a step that was not seen has no score, and counts as nothing to those around it', () => {
  const rows = randomRows(WINDOW, 0)
  expect(scoreWindow(network, rows.with(REACH, undefined))).toEqual([undefined])
  const unseen = rows.with(REACH + 1, undefined)
  expect(scoreWindow(network, unseen)).not.toEqual(scoreWindow(network, rows))
})
