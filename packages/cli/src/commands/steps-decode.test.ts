import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeNpy } from '@takt/onnx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../run-command.ts'

const classNames = ['background', 'take', 'screw', 'put away']
/** Numbers that look random and are the same every time. */
const wobble = (seed: number) => ((Math.sin(seed * 12.9898) * 43758.5453) % 1) ** 2

/** A recording of the four classes in order, 30 frames each, whose every fourth step looks like the next class. */
function recording(index: number) {
  const labels = classNames.flatMap(name => Array<string>(30).fill(name))
  const scores = labels.flatMap((name, frame) => {
    const step = Math.floor(frame / 30)
    const seen = (index + step) % 4 === 0 ? (step + 1) % 4 : classNames.indexOf(name)
    return classNames.map((_, k) => (k === seen ? 1.5 : 0) + 2 * wobble(1000 * index + 4 * frame + k))
  })
  return { labels, scores: Float32Array.from(scores) }
}

describe('takt steps decode', () => {
  let folder: string
  const at = (name: string) => join(folder, name)
  const run = (changes: Readonly<Record<string, string>> = {}, more: readonly string[] = ['--json']) => {
    const options = {
      scores: at('scores'),
      labels: at('labels'),
      train: at('train.txt'),
      test: at('test.txt'),
      ...changes,
    }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    return runCommand(['steps', 'decode', ...args, ...more], { env: {} })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'takt-decode-'))
    await mkdir(at('scores'))
    await mkdir(at('labels'))
    await writeFile(at('mapping.txt'), classNames.map((name, index) => `${index} ${name}\n`).join(''))
    for (let index = 0; index < 9; index++) {
      const { labels, scores } = recording(index)
      await writeFile(at(`scores/r${index}.npy`), encodeNpy({ shape: [labels.length, 4], data: scores }))
      await writeFile(at(`labels/r${index}.txt`), `${labels.join('\n')}\n`)
    }
    await writeFile(at('train.txt'), 'r0.txt\nr1.txt\nr2\nr3\nr4.npy\nr5\n')
    await writeFile(at('test.txt'), 'r6\r\nr7\r\nr8\r\n')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('fits on the training list and scores the tested one beside frames alone and a plain hidden Markov model', async () => {
    const answer = JSON.parse(await run())
    expect(answer).toMatchObject({ classes: 4, ignored: ['background'], train: 6, test: 3 })
    const { frames, decoder } = answer.results
    for (const figure of ['accuracy', 'edit', 'f1At50'])
      expect(decoder.perVideo[figure]).toBeGreaterThan(frames.perVideo[figure])
    expect(answer.heldOut.length).toBeGreaterThan(1)
  })

  it('prints a line a method for people', async () => {
    expect((await run({}, [])).split('\n').map(line => line.split(' ')[0])).toEqual(['per', 'frames', 'hmm', 'decoder'])
  })

  it('reads labels of tested recordings for nothing but the scores', async () => {
    const { results: _, ...fitted } = JSON.parse(await run())
    await mkdir(at('other'), { recursive: true })
    for (let index = 0; index < 9; index++) {
      const { labels } = recording(index)
      const shown = index < 6 ? labels : labels.map(() => 'screw')
      await writeFile(at(`other/r${index}.txt`), shown.join('\n'))
    }
    const { results, ...again } = JSON.parse(await run({ labels: at('other'), mapping: at('mapping.txt') }))
    expect({ ...again, fitSeconds: 0 }).toEqual({ ...fitted, fitSeconds: 0 })
    expect(results.decoder.perVideo.accuracy).toBeLessThan(50)
  })

  describe('refuses by name', () => {
    const npy = (rows: number, columns: number, value = 0) =>
      encodeNpy({ shape: [rows, columns], data: new Float32Array(rows * columns).fill(value) })
    const hostile: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>, string])[] = [
      ['a missing file of scores', { 'test.txt': 'r6\nr99\n' }, 'r99.npy cannot be read: ENOENT'],
      ['a file that is no array', { 'scores/r6.npy': 'hello' }, 'r6.npy: '],
      ['scores of other classes', { 'scores/r6.npy': npy(120, 5) }, 'it has 5 scores a frame, the mapping 4 classes'],
      ['scores that lie the other way', { 'scores/r6.npy': npy(4, 120) }, 'it has 120 scores a frame'],
      [
        'an array of one axis',
        { 'scores/r6.npy': encodeNpy({ shape: [4], data: new Float32Array(4) }) },
        'is no matrix',
      ],
      ['scores that are no number', { 'scores/r6.npy': npy(120, 4, Number.NaN) }, 'frame 0 has NaN for background'],
      ['infinite scores', { 'scores/r1.npy': npy(120, 4, Infinity) }, 'r1.npy: frame 0 has Infinity for background'],
      ['no frames', { 'scores/r6.npy': npy(0, 4), 'labels/r6.txt': '' }, 'it has no frame'],
      ['an unknown label', { 'labels/r0.txt': 'take\nscrwe\n' }, 'line 2, "scrwe", is no class of the mapping'],
      ['labels of another length', { 'labels/r0.txt': 'take\n' }, 'it has 1 labels for the 120 frames'],
      ['a recording to learn from and to test', { 'test.txt': 'r6\nr0\n' }, 'r0 is in'],
      ['an empty list', { 'train.txt': '\n' }, 'it names no recording'],
      ['a list that repeats itself', { 'train.txt': 'r0\nr0.txt\n' }, 'r0 comes twice'],
      ['a mapping with a hole', { 'mapping.txt': '0 a\n2 b\n' }, 'index 1 is missing'],
      ['a mapping of words', { 'mapping.txt': 'take\nscrew\n' }, 'line 1, "take", is no index and name'],
      ['a mapping with a class twice', { 'mapping.txt': '0 a\n1 a\n' }, 'class a comes twice'],
      ['a mapping with an index twice', { 'mapping.txt': '0 a\n0 b\n' }, 'index 0 comes twice'],
      ['a mapping that ends at the sky', { 'mapping.txt': '0 a\n9999999 b\n' }, 'index 9999999 is not below 1000'],
    ]
    it.each(hostile)('%s', async (_, files, message) => {
      const kept = new Map<string, Uint8Array>()
      for (const [name, content] of Object.entries(files)) {
        kept.set(name, await readFile(at(name)))
        await writeFile(at(name), content)
      }
      try {
        await expect(run()).rejects.toThrow(message)
      } finally {
        for (const [name, content] of kept) await writeFile(at(name), content)
      }
    })

    it('a mapping that is nowhere, that is not where it should be, and a command without its folders', async () => {
      await mkdir(at('deep/labels'), { recursive: true })
      await expect(run({ labels: at('deep/labels'), scores: at('deep/scores') })).rejects.toThrow(
        'mapping.txt cannot be',
      )
      await expect(run({ mapping: at('no.txt') })).rejects.toThrow('no.txt cannot be read: ENOENT')
      await expect(runCommand(['steps', 'decode'], { env: {} })).rejects.toThrow(
        'usage: takt steps decode --scores DIR',
      )
      await expect(runCommand(['steps', 'dance'], { env: {} })).rejects.toThrow('usage: takt steps decode')
    })
  })
})
