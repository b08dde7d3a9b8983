import { expect, test } from 'vitest'
import { timingSql } from './timing-sql.ts'

test('the statement is the listing’s own, and every value of the filter is a parameter', async () => {
  const station = '00000000-0000-7000-8000-00000000000a'
  const from = new Date('2026-03-01T00:00:00Z')
  const { text, values, types } = await timingSql({ station, from, to: new Date('2026-03-02T00:00:00Z'), limit: 7 })
  expect(text).toMatch(/from interval_current i\b.*order by i.starts_at, i.id limit \$\d+$/s)
  expect(text).not.toContain(station)
  expect(values).toEqual(expect.arrayContaining([station, from, 7]))
  expect(types).toBeDefined()
})
