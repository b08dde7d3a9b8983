import { expect, test } from 'vitest'
import { parseCommandLine } from './command-line.ts'

test('a name is enough: ten million intervals and full sizes', () => {
  const flags = { json: false, list: false, quick: false }
  expect(parseCommandLine(['rest'])).toEqual({
    name: 'rest',
    ...flags,
    millions: 10,
    sequences: undefined,
    ssl: {},
    python: undefined,
  })
})

test('quick runs use few intervals unless a number is given', () => {
  expect(parseCommandLine(['rest', '--quick']).millions).toBeLessThan(0.1)
  expect(parseCommandLine(['rest', '--quick', '--millions', '0.5']).millions).toBe(0.5)
})

test('a Python for rivals is a path', () => {
  expect(parseCommandLine(['rest', '--python', 'venv/bin/python']).python).toBe('venv/bin/python')
})

test('a list needs no name', () => {
  expect(parseCommandLine(['--list'])).toMatchObject({ list: true })
})

test.each([[[]], [['speed']], [['rest', 'embed']], [['constructor']]])(
  '%j names no benchmark and is told which there are',
  args => {
    expect(() => parseCommandLine(args)).toThrow(
      expect.objectContaining({ code: 'benchmark-unknown', message: expect.stringContaining('rest') }),
    )
  },
)

test.each(['0', '-1', 'many', 'NaN', '1e9', ''])('--millions %j is refused', value => {
  expect(() => parseCommandLine(['rest', `--millions=${value}`])).toThrow(
    expect.objectContaining({ code: 'option-invalid' }),
  )
})

test('an option that is not known is refused', () => {
  expect(() => parseCommandLine(['rest', '--fast'])).toThrow(/--fast/)
})

test('sequences are a whole number of two or more', () => {
  expect(parseCommandLine(['fit', '--sequences', '6']).sequences).toBe(6)
  for (const value of ['1', '2.5', 'many', '']) {
    expect(() => parseCommandLine(['fit', `--sequences=${value}`])).toThrow(
      expect.objectContaining({ code: 'option-invalid' }),
    )
  }
})
