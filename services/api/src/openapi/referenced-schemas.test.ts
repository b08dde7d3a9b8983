import { expect, test } from 'vitest'
import { referencedSchemas } from './referenced-schemas.ts'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

test('a schema stays when a path refers to it, or another one that stays, even in a circle', () => {
  const schemas = { A: { of: ref('B') }, B: { items: [ref('A'), ref('C')] }, C: {}, D: { of: ref('A') } }
  expect(Object.keys(referencedSchemas({ '/x': { get: ref('A') } }, schemas))).toEqual(['A', 'B', 'C'])
})

test('without references none stays, and one that leads nowhere is no harm', () => {
  expect(referencedSchemas({ '/x': ref('gone') }, { A: {} })).toEqual({})
})
