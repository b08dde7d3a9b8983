import { expect, test } from 'vitest'
import { negotiate } from './negotiate.ts'

const offered = ['application/json', 'text/csv'] as const

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/csv', 'text/csv'],
  ['text/*', 'text/csv'],
  ['application/json;q=0.5, text/csv', 'text/csv'],
  ['text/csv;q=0, */*', 'application/json'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['TEXT/CSV; charset=utf-8', 'text/csv'],
])('Accept: %s gets %s', (accept, type) => {
  expect(negotiate(accept, offered)).toBe(type)
})

test.each(['image/png', 'text/csv;q=0', 'nonsense', ';;;,,,', 'text/csv;q=NaN'])('Accept: %s is refused', accept => {
  expect(() => negotiate(accept, offered)).toThrow(/is not among application\/json, text\/csv/)
})
