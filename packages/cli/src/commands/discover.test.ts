import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeNpy } from '@takt/onnx'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../run-command.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'takt-discover-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (...args: readonly string[]) => runCommand(['discover', ...args], { env: {} })

async function bytes(name: string, content: Uint8Array): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}

const npy = (name: string, shape: readonly number[], data: Float32Array) => bytes(name, encodeNpy({ shape, data }))

/** Eight turns of four pictures, `[256, 4]`. */
const turns = (rows = 256) =>
  Float32Array.from({ length: rows * 4 }, (_, at) => (Math.floor(at / 32) % 4 === at % 4 ? 1 : 0))

test('cycles and steps are printed as one object, with an index for each step', async () => {
  const file = await npy('turns.npy', [256, 4], turns())
  const picture = join(folder, 'turns.png')
  const answer = JSON.parse(await run('--features', file, '--rate', '4', '--picture', picture, '--json'))
  expect(answer).toMatchObject({ found: true, lengthSeconds: 64, periodSeconds: 8, scores: null })
  expect(answer.cycles.length).toBeGreaterThanOrEqual(7)
  expect(answer.cycles[0].steps[0]).toEqual({
    step: 1,
    startSeconds: expect.any(Number),
    endSeconds: expect.any(Number),
  })
}, 60_000)

test('where nothing repeats it says so, and shows what it looked at', async () => {
  const noise = Float32Array.from({ length: 1024 }, (_, at) => Math.sin(at * at * 0.7123))
  const file = await npy('noise.npy', [256, 4], noise)
  expect(await run('--features', file, '--rate', '4')).toMatch(
    /^no repeating cycle found: nothing repeats in it \(a cycle foretells/,
  )
  expect(await run('--features', await npy('short.npy', [8, 4], turns(8)), '--rate', '4')).toMatch(/too short/)
}, 60_000)

test.each([
  ['no npy', () => bytes('a', Buffer.from('hello')), /a: .*npy/],
  ['three axes', () => npy('b', [4, 4, 4], new Float32Array(64)), /shape \[4, 4, 4\] is no matrix/],
  ['no row', () => npy('c', [0, 4], new Float32Array(0)), /shape \[0, 4\] holds no feature/],
  ['no number', () => npy('d', [2, 2], Float32Array.of(0, 0, NaN, 0)), /frame 1 has NaN in channel 0/],
  ['no end', () => npy('e', [2, 2], Float32Array.of(0, Infinity, 0, 0)), /frame 0 has Infinity in channel 1/],
  ['no file', async () => join(folder, 'missing'), /missing cannot be read: ENOENT/],
])('a file with %s is refused', async (_, file, message) => {
  await expect(run('--features', await file(), '--rate', '4')).rejects.toThrow(message)
})

test.each(['0', '-4', '1e9', 'fast', 'NaN'])('a rate of %s is refused', async rate => {
  await expect(run('--features', 'any', `--rate=${rate}`)).rejects.toThrow(`--rate ${rate} is not a number of vectors`)
})

test('one source is to be named, and a rate for features', async () => {
  for (const args of [[], ['--features', 'a'], ['--features', 'a', '--video', 'b', '--rate', '4']])
    await expect(run(...args)).rejects.toThrow(/^usage: takt discover/)
})
