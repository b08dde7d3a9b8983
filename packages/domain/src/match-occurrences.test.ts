import { expect, it } from 'vitest'
import { content } from '../test/interval-paths.ts'
import { matchOccurrences } from './match-occurrences.ts'

it('pairs the best agreement first, whatever the order, and uses each interval once', () => {
  const [near, far] = [content('a', 0, 1000), content('a', 300, 1300)]
  const [exact, late] = [content('a', 0, 1000), content('a', 200, 1200)]
  const expected = [
    [near, exact],
    [far, late],
  ]
  for (const olds of [
    [near, far],
    [far, near],
  ])
    for (const news of [
      [exact, late],
      [late, exact],
    ])
      expect([...matchOccurrences(olds, news)]).toEqual(expected)
  expect(matchOccurrences([near, far], [exact]).size).toBe(1)
})

it('pairs neither another step nor less than half of the joint time', () => {
  expect(matchOccurrences([content('a', 0, 1000)], [content('b', 0, 1000)]).size).toBe(0)
  expect(matchOccurrences([content('a', 0, 1000)], [content('a', 0, 2001)]).size).toBe(0)
  expect(matchOccurrences([content('a', 0, 1000)], [content('a', 0, 2000)]).size).toBe(1)
})
