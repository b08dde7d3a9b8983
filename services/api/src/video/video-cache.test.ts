import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openVideoCache } from './video-cache.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'takt-video-cache-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const write = (text: string) => (path: string) => writeFile(path, text)

test('a file is made once and then found', async () => {
  const cache = await openVideoCache({ directory, maxBytes: 1000 })
  const first = await cache.file('a', write('one'))
  const second = await cache.file('a', write('two'))
  expect(second).toBe(first)
  expect(await readFile(second, 'utf8')).toBe('one')
})

test('several who ask at once share one making', async () => {
  const cache = await openVideoCache({ directory, maxBytes: 1000 })
  let made = 0
  const make = async (path: string) => {
    made += 1
    await writeFile(path, 'x')
  }
  await Promise.all(Array.from({ length: 5 }, () => cache.file('a', make)))
  expect(made).toBe(1)
})

test('a making that fails leaves nothing and can be tried again', async () => {
  const cache = await openVideoCache({ directory, maxBytes: 1000 })
  const broken = async (path: string) => {
    await writeFile(path, 'half')
    throw new Error('no disk')
  }
  await expect(cache.file('a', broken)).rejects.toThrow('no disk')
  expect(await readdir(join(directory, 'files'))).toEqual([])
  expect(await readFile(await cache.file('a', write('whole')), 'utf8')).toBe('whole')
})

test('the cache keeps to its bound and gives up what was used longest ago', async () => {
  const cache = await openVideoCache({ directory, maxBytes: 25 })
  await cache.file('a', write('a'.repeat(10)))
  await cache.file('b', write('b'.repeat(10)))
  await new Promise(resolve => setTimeout(resolve, 20))
  await cache.file('a', write('not made'))
  await new Promise(resolve => setTimeout(resolve, 20))
  await cache.file('c', write('c'.repeat(10)))
  expect(await readFile(await cache.file('a', write('made anew')), 'utf8')).toBe('a'.repeat(10))
  expect(await readFile(await cache.file('b', write('made anew')), 'utf8')).toBe('made anew')
})

test('what a process that died left behind is removed after a day, and nothing younger', async () => {
  for (const [name, ageDays] of [
    ['scratch-1-old', 2],
    ['scratch-2-young', 0.5],
  ] as const) {
    await mkdir(join(directory, name))
    const seconds = Date.now() / 1000 - ageDays * 86_400
    await utimes(join(directory, name), seconds, seconds)
  }
  await openVideoCache({ directory, maxBytes: 5 })
  expect((await readdir(directory)).sort()).toEqual(['files', 'scratch-2-young'])
})

test('a file larger than the bound is still served', async () => {
  const cache = await openVideoCache({ directory, maxBytes: 5 })
  expect(await readFile(await cache.file('a', write('a'.repeat(10))), 'utf8')).toBe('a'.repeat(10))
})
