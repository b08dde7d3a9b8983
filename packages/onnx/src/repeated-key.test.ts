import fc from 'fast-check'
import { expect, test } from 'vitest'
import { repeatedKey } from './repeated-key.ts'

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":{"b":1,"c":[],"b":2}}', 'b'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"x":[{"a":1},{"b":1,"b" : 2}]}', 'b'],
  ['{"\\"":1, "\\"":2}', '"'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('%s has %j twice', (json, key) => {
  expect(repeatedKey(json)).toBe(key)
})

test.each(['{}', '[]', '{"a":"a","b":"a"}', '{"a":{"a":{"a":1}},"b":{"a":1}}', '{"a":"{\\"a\\":1,\\"a\\":2}"}'])(
  '%s has no key twice',
  json => {
    expect(repeatedKey(json)).toBeUndefined()
  },
)

test('what JSON.stringify writes has no key twice', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
      expect(repeatedKey(JSON.stringify(value, null, indent))).toBeUndefined()
    }),
  )
})
