import { expect, test } from 'vitest'
import { instantText } from './instant-text.ts'

test.each([
  ['2026-11-24 08:00:00.5+00', '2026-11-24T08:00:00.500Z'],
  ['2026-11-24 08:00:00.123+00', '2026-11-24T08:00:00.123Z'],
  ['2026-11-24 08:00:00+00', '2026-11-24T08:00:00.000Z'],
  ['2026-11-24 10:00:00.25+02', '2026-11-24T08:00:00.250Z'],
])('Postgres writes %s, a document says %s', (text, instant) => {
  expect(instantText(text)).toBe(instant)
})
