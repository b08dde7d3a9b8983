import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseEnvironment } from './config.ts'
import { bytes, choice, duration, flag, integer, list, port, secret, secretUrl, url } from './config-fields.ts'

const directory = mkdtempSync(join(tmpdir(), 'takt-config-'))
afterAll(() => rmSync(directory, { recursive: true }))
const file = (name: string, content: string) => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const schema = z.object({
  DATABASE_URL: secretUrl(['postgres:', 'postgresql:']),
  API_KEY: secret(),
  TIMEOUT: duration().default(5000),
  SPOOL_LIMIT: bytes(),
  HTTP_PORT: port(),
  STORE: url(['file:', 's3:']),
  MODE: choice(['fast', 'careful']).default('careful'),
  VERBOSE: flag().optional(),
  HOSTS: list().default([]),
  REPLICAS: integer({ min: 1, max: 9 }).optional(),
})

const good = {
  DATABASE_URL: 'postgres://takt:hunter22@db/takt',
  API_KEY: 'key-1234',
  SPOOL_LIMIT: '64MiB',
  HTTP_PORT: '8080',
  STORE: 's3://store:9000/takt',
}

const problemsOf = (env: Record<string, string | undefined>): string => {
  try {
    parseEnvironment(schema, env)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the environment was accepted')
}

describe('parseEnvironment', () => {
  it('gives typed values and defaults, and ignores what it does not know', () => {
    const config = parseEnvironment(schema, { ...good, PATH: '/bin', VERBOSE: 'true', HOSTS: 'a, b,', REPLICAS: '3' })
    expect(config).toMatchObject({
      TIMEOUT: 5000,
      SPOOL_LIMIT: 64 * 2 ** 20,
      HTTP_PORT: 8080,
      MODE: 'careful',
      VERBOSE: true,
    })
    expect(config).toMatchObject({ HOSTS: ['a', 'b'], REPLICAS: 3 })
    expect(config.STORE.host).toBe('store:9000')
    expect(config.DATABASE_URL.reveal()).toBe(good.DATABASE_URL)
    expect(Object.keys(config)).not.toContain('PATH')
  })

  it('lists every missing and every bad variable at once, by name', () => {
    const problems = problemsOf({
      HTTP_PORT: '70000',
      TIMEOUT: '5 parsecs',
      SPOOL_LIMIT: '',
      MODE: 'lazy',
      VERBOSE: 'yes',
    })
    expect(problems.split('\n').slice(1)).toEqual([
      '  DATABASE_URL: missing',
      '  API_KEY: missing',
      "  TIMEOUT: '5 parsecs' is not a duration such as 250ms, 5s, 2m, 1h",
      '  SPOOL_LIMIT: missing',
      "  HTTP_PORT: '70000' is not a whole number from 0 to 65535",
      '  STORE: missing',
      "  MODE: 'lazy' is none of fast, careful",
      "  VERBOSE: 'yes' is neither true nor false",
    ])
  })

  it('shows no secret, neither in what is wrong nor in what is right', () => {
    for (const DATABASE_URL of ['mysql://takt:hunter22@db/takt', 'postgres//takt:hunter22@db', 'hunter22'])
      expect(problemsOf({ ...good, DATABASE_URL })).not.toContain('hunter22')
    expect(problemsOf({ ...good, STORE: 's3://key:hunter22@store/takt' })).not.toContain('hunter22')
    const config = parseEnvironment(schema, good)
    for (const shown of [JSON.stringify(config), inspect(config, { depth: 9 }), `${config.API_KEY}`]) {
      expect(shown).not.toContain('hunter22')
      expect(shown).not.toContain('key-1234')
    }
  })

  it('reads a secret from the file that NAME_FILE names, without its last line break', () => {
    const { API_KEY: _, ...rest } = good
    const config = parseEnvironment(schema, { ...rest, API_KEY_FILE: file('key', 'from-a-file\n') })
    expect(config.API_KEY.reveal()).toBe('from-a-file')
  })

  it('refuses NAME and NAME_FILE together, and a file that cannot be read', () => {
    expect(problemsOf({ ...good, API_KEY_FILE: file('other', 'x') })).toContain('API_KEY: set, and API_KEY_FILE too')
    const { API_KEY: _, ...rest } = good
    const problems = problemsOf({ ...rest, API_KEY_FILE: join(directory, 'absent') })
    expect(problems).toContain('which cannot be read (ENOENT)')
    expect(problems).not.toContain('missing')
  })
})

describe('the fields', () => {
  const parse = <Field extends z.ZodType>(field: Field, text: string) => field.safeParse(text)

  it.each([
    ['250ms', 250],
    ['5s', 5000],
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['2d', 172_800_000],
  ])('read the duration %s as %d ms', (text, ms) => {
    expect(parse(duration(), text)).toMatchObject({ success: true, data: ms })
  })

  it.each(['5', '-5s', '5S', '1e3s', 's', '5 s', 'constructor', '1toString'])('refuse the duration %s', text => {
    expect(parse(duration(), text).success).toBe(false)
  })

  it.each([
    ['512B', 512],
    ['64MiB', 67_108_864],
    ['10GB', 10_000_000_000],
  ])('read the size %s as %d bytes', (text, size) => {
    expect(parse(bytes(), text)).toMatchObject({ success: true, data: size })
  })

  it.each(['', '1.5', '0x10', '1e3', ' 1', '99999999999999999999'])('refuse %o as a whole number', text => {
    expect(parse(integer(), text).success).toBe(false)
  })

  it.each(['http://store/x', 'not a url', 'file//x'])('refuse %s as the URL of a store', text => {
    expect(parse(url(['file:', 's3:']), text).success).toBe(false)
  })
})
