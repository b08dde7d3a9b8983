import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeNpy, fromFloat32 } from '@takt/onnx'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runCommand } from '../run-command.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const classNames = ['background', 'take', 'screw', 'put away']
const CHANNELS = 6
/** Numbers that look random and are the same every time. */
const wobble = (seed: number) => ((Math.sin(seed * 12.9898) * 43758.5453) % 1) ** 2

/** A recording of the four classes in order, 20 time steps each, whose features show the class through noise. */
function recording(index: number) {
  const labels = classNames.flatMap(name => Array<string>(20).fill(name))
  const features = labels.flatMap((name, time) =>
    Array.from({ length: CHANNELS }, (_, j) => {
      return (j === classNames.indexOf(name) ? 1 : 0) + wobble(1000 * index + CHANNELS * time + j)
    }),
  )
  return { labels, features: Float32Array.from(features) }
}

const transposed = (values: Float32Array, columns: number) => {
  const rows = values.length / columns
  return values.map((_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!)
}

describe('takt steps fit', () => {
  let folder: string
  const at = (name: string) => join(folder, name)
  const run = (changes: Readonly<Record<string, string>> = {}, more: readonly string[] = ['--json']) => {
    const files = { features: at('features'), labels: at('labels'), train: at('train.txt'), test: at('test.txt') }
    const options = { ...files, head: 'linear', epochs: '10', threads: '1', ...changes }
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    return runCommand(['steps', 'fit', ...args, ...more], { env: {} })
  }
  const predictions = async (changes: Readonly<Record<string, string>>) => {
    await run({ ...changes, out: at('out') })
    return Promise.all([4, 5].map(index => readFile(at(`out/r${index}.txt`), 'utf8')))
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'takt-fit-'))
    for (const name of ['features', 'turned', 'halves', 'grid', 'labels']) await mkdir(at(name))
    await writeFile(at('mapping.txt'), classNames.map((name, index) => `${index} ${name}\n`).join(''))
    for (let index = 0; index < 6; index++) {
      const { labels, features } = recording(index)
      const count = labels.length
      await writeFile(at(`features/r${index}.npy`), encodeNpy({ shape: [count, CHANNELS], data: features }))
      const turned = { shape: [CHANNELS, count], data: transposed(features, CHANNELS) }
      await writeFile(at(`turned/r${index}.npy`), encodeNpy(turned))
      const halves = { shape: [count, CHANNELS], data: fromFloat32(features) }
      await writeFile(at(`halves/r${index}.npy`), encodeNpy(halves))
      await writeFile(at(`grid/r${index}.npy`), encodeNpy({ shape: [count, 2, CHANNELS / 2], data: features }))
      await writeFile(at(`labels/r${index}.txt`), `${labels.join('\n')}\n`)
    }
    await writeFile(at('train.txt'), 'r0.txt\nr1.txt\nr2\nr3\n')
    await writeFile(at('test.txt'), 'r4\nr5\n')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('learns from the training list and prints what the field prints of the tested one', async () => {
    const answer = JSON.parse(await run({ epochs: '40' }))
    expect(answer).toMatchObject({
      head: 'linear',
      classes: 4,
      background: ['background'],
      features: { channels: 6, places: 1, axes: 'time first' },
      train: 4,
      test: 2,
      epochs: 40,
      seeds: [1],
    })
    expect(answer.results.frames.perVideo.accuracy).toBeGreaterThan(70)
    expect(Object.keys(answer.results.frames)).toEqual(['official', 'pooled', 'perVideo'])
  })

  it('prints a line a method for people', async () => {
    expect((await run({}, [])).split('\n').map(line => line.split(' ')[0])).toEqual(['per', 'frames'])
  })

  it('learns the same from matrices that lie the other way, and from a grid', async () => {
    const expected = await predictions({})
    expect(await predictions({ features: at('turned') })).toEqual(expected)
    expect(await predictions({ features: at('grid') })).toEqual(expected)
    expect(await predictions({ features: at('halves') })).toEqual(expected)
  })

  it('reads labels of tested sequences for nothing but the scores', async () => {
    const expected = await predictions({})
    await mkdir(at('other'), { recursive: true })
    for (let index = 0; index < 6; index++) {
      const { labels } = recording(index)
      await writeFile(at(`other/r${index}.txt`), (index < 4 ? labels : labels.map(() => 'screw')).join('\n'))
    }
    expect(await predictions({ labels: at('other'), mapping: at('mapping.txt') })).toEqual(expected)
  })

  it('takes labels that are a little more or fewer than the features, and says of which', async () => {
    await mkdir(at('odd'), { recursive: true })
    for (let index = 0; index < 6; index++) {
      const { labels } = recording(index)
      const lines = index === 1 ? labels.slice(0, -1) : index === 5 ? [...labels, 'take'] : labels
      await writeFile(at(`odd/r${index}.txt`), lines.join('\n'))
    }
    const answer = JSON.parse(await run({ labels: at('odd'), mapping: at('mapping.txt'), epochs: '1' }))
    expect(answer.labelsAdjusted).toEqual(['r1', 'r5'])
  })

  it('learns from labels with holes, and from one a step', async () => {
    await mkdir(at('sparse'), { recursive: true })
    for (let index = 0; index < 6; index++) {
      const { labels } = recording(index)
      const kept = (time: number) => (index === 0 ? time < 50 : index < 4 ? time % 20 === 10 : true)
      const lines = labels.map((label, time) => (kept(time) ? label : ['?', ''][time % 2]))
      await writeFile(at(`sparse/r${index}.txt`), `${lines.join('\n')}\n`)
    }
    const answer = JSON.parse(await run({ labels: at('sparse'), mapping: at('mapping.txt'), epochs: '40' }))
    expect(answer.results.frames.perVideo.accuracy).toBeGreaterThan(60)
  })

  it('fits a decoder on training sequences that were held out, and says how far off borders are', async () => {
    const answer = JSON.parse(await run({ decoder: 'on', rate: '4', epochs: '40' }))
    expect(answer).toMatchObject({ stage: 'decoder', seconds: { rate: 4, toleranceSeconds: 1 } })
    expect(answer.heldOut.linear.frames.accuracy).toBeGreaterThan(60)
    expect(answer.results.decoder.perVideo.edit).toBeGreaterThan(answer.results.frames.perVideo.edit)
    expect(answer.seconds.medianBoundary).toBeGreaterThanOrEqual(0)
  })

  describe('refuses by name', () => {
    const npy = (shape: readonly number[], value = 0) =>
      encodeNpy({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) })
    const hostile: readonly (readonly [string, Readonly<Record<string, string | Uint8Array>>, string])[] = [
      ['a missing file of features', { 'test.txt': 'r4\nr99\n' }, 'r99.npy cannot be read: ENOENT'],
      ['a file that is no array', { 'features/r1.npy': 'hello' }, 'r1.npy: '],
      ['a file that is cut', { 'features/r1.npy': npy([80, 6]).subarray(0, -4) }, 'bytes and not the'],
      ['an array of one axis', { 'features/r1.npy': npy([480]) }, 'shape [480]'],
      ['an array of four axes', { 'features/r1.npy': npy([80, 1, 2, 3]) }, 'shape [80, 1, 2, 3]'],
      ['an empty array', { 'features/r5.npy': npy([0, 6]), 'labels/r5.txt': '' }, 'r5'],
      ['other features', { 'features/r4.npy': npy([80, 5]) }, 'it has 5 features in 1 places'],
      ['a tested matrix that lies the other way', { 'features/r4.npy': npy([6, 80]) }, 'it has 80 features'],
      [
        'a number that is none',
        { 'features/r1.npy': npy([80, 6], Number.NaN) },
        'r1.npy: feature 0 of time step 0 is NaN',
      ],
      [
        'an infinite number to test',
        { 'features/r5.npy': npy([80, 6], Infinity) },
        'r5.npy: feature 0 of time step 0 is Infinity',
      ],
      ['an unknown label', { 'labels/r0.txt': 'take\nscrwe\n' }, 'line 2, "scrwe", is no class of the mapping'],
      ['an unknown label to test', { 'labels/r4.txt': 'take\n?\n' }, 'line 2, "?", is no class of the mapping'],
      ['labels of another length', { 'labels/r0.txt': 'take\n' }, 'it has 1 labels for the 80 time steps'],
      ['a recording to learn from and to test', { 'test.txt': 'r4\nr0\n' }, 'r0 is in'],
    ]
    it.each(hostile)('%s', async (_, files, message) => {
      const kept = new Map<string, Uint8Array>()
      for (const [name, content] of Object.entries(files)) {
        kept.set(name, await readFile(at(name)))
        await writeFile(at(name), content)
      }
      try {
        await expect(run({ epochs: '1' })).rejects.toThrow(message)
      } finally {
        for (const [name, content] of kept) await writeFile(at(name), content)
      }
    })

    it('labels that say nothing at all', async () => {
      await mkdir(at('none'), { recursive: true })
      for (let index = 0; index < 6; index++)
        await writeFile(
          at(`none/r${index}.txt`),
          `${Array(80)
            .fill(index < 4 ? '?' : 'take')
            .join('\n')}\n`,
        )
      await expect(run({ labels: at('none'), mapping: at('mapping.txt') })).rejects.toThrow('no step is labelled')
    })

    it.each([
      ['head', 'lstm', '--head lstm is not one of auto, linear'],
      ['epochs', '0', '--epochs 0 is not a whole number'],
      ['epochs', '1.5', '--epochs 1.5 is not a whole number'],
      ['seeds', '', '--seeds  is not a whole number'],
      ['seed', '.5', '--seed .5 is not'],
      ['decoder', 'maybe', '--decoder maybe is not one of off, on, auto'],
      ['rate', '0', '--rate 0 is not a number above 0'],
      ['threads', 'all', '--threads all is not a whole number'],
    ])('--%s %s', async (option, value, message) => {
      await expect(run({ [option]: value })).rejects.toThrow(message)
    })
  })
})
