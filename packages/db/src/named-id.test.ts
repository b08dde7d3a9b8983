import { expect, test } from 'vitest'
import { namedId } from './named-id.ts'

test('it is the version 5 UUID of RFC 9562: the example of its appendix', () => {
  expect(namedId('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  )
})

test('the same thing has the same id, and another thing or namespace another one', () => {
  const run = '00000000-0000-7000-8000-00000000000c'
  const other = '00000000-0000-7000-8000-00000000000d'
  expect(namedId(run, 'interval 1')).toBe(namedId(run, 'interval 1'))
  const ids = [
    namedId(run, 'interval 1'),
    namedId(run, 'interval 2'),
    namedId(run, 'cycle 1'),
    namedId(other, 'cycle 1'),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})
