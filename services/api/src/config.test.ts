import { parseEnvironment } from '@takt/service'
import { expect, test } from 'vitest'
import { apiEnvironment } from './config.ts'

const least = {
  DATABASE_URL: 'postgresql://takt:pw@db/takt',
  REDIS_URL: 'redis://redis',
  OBJECT_STORE_URL: 's3://store/takt',
  TAKT_SECRET: 'secret',
}

test('the least that is needed leaves everything else at its default', () => {
  expect(parseEnvironment(apiEnvironment, least)).toMatchObject({
    API_PORT: 8080,
    RATE_LIMIT: 6000,
    BODY_LIMIT: 4 * 2 ** 20,
  })
})

test.each(['short', 'with a blank in it', 'x'.repeat(201), 'ümlaut-ümlaut-ümlaut'])(
  'an admin key that could not be sent, or be guessed, is refused and not shown: %s',
  key => {
    const parse = () => parseEnvironment(apiEnvironment, { ...least, TAKT_ADMIN_KEY: key })
    expect(parse).toThrow(/TAKT_ADMIN_KEY: not 16 to 200 printable characters without blanks/)
    expect(parse).not.toThrow(key)
  },
)

test('what is missing is listed whole', () => {
  expect(() => parseEnvironment(apiEnvironment, {})).toThrow(
    /DATABASE_URL: missing\n.*REDIS_URL: missing\n.*OBJECT_STORE_URL: missing\n.*TAKT_SECRET: missing/,
  )
})
