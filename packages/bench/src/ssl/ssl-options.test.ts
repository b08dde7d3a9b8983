import { expect, test } from 'vitest'
import { parseSslOptions } from './ssl-options.ts'

const refused = expect.objectContaining({ code: 'option-invalid' })

test('what is not given is left to the benchmark', () => {
  expect(parseSslOptions({})).toEqual({})
})

test('methods come once each, in the order of the table', () => {
  expect(parseSslOptions({ methods: 'v-jepa,byol,v-jepa' }).methods).toEqual(['byol', 'v-jepa'])
})

test.each(['', 'byol,', 'byol, dino', 'hog', 'constructor'])(
  '--methods %j is refused and told which there are',
  methods => {
    expect(() => parseSslOptions({ methods })).toThrow(refused)
    expect(() => parseSslOptions({ methods })).toThrow(/barlow-twins/)
  },
)

test('films are named, so that a part can be run', () => {
  expect(parseSslOptions({ films: 'shirt-11,bench-12' }).films).toEqual(['shirt-11', 'bench-12'])
  for (const films of ['', 'shirt', 'shirt-1', 'shirt 11', '3'])
    expect(() => parseSslOptions({ films })).toThrow(/some of bench-11/)
})

test.each(['', '0', '-1', '1.5', '1e3', ' 2', 'many', '1000000'])('a number %j is refused and named', text => {
  for (const option of ['budget', 'seeds'])
    expect(() => parseSslOptions({ [option]: text })).toThrow(`--${option} ${text} is not a whole number`)
})
