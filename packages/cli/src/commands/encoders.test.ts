import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeNpy, decodeSafetensors, encodeSafetensors, toFloat32 } from '@takt/onnx'
import { openRuntime } from '@takt/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Api } from '../api.ts'
import { readEncoder } from '../encoders/encoder-file.ts'
import { encoders } from './encoders.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

/** Checkpoints of transformers and their features, from packages/nn/golden/foundation.py. */
const golden = fileURLToPath(new URL('../../../nn/golden/foundation/', import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'takt-encoders-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A plant that keeps what it is sent. */
function plant() {
  const kept: { method: string; name: string; serving: boolean; id: string; spec: unknown; bytes: Uint8Array }[] = []
  const api = {
    json: async () => ({ items: kept }),
    send: async (path: string, bytes: Uint8Array) => {
      const query = new URL(path, 'http://plant').searchParams
      const spec: unknown = JSON.parse(decodeSafetensors(bytes).metadata.spec!)
      const one = {
        id: `id ${kept.length}`,
        name: query.get('name')!,
        serving: query.get('serving') === 'yes',
        spec,
        bytes,
        method: 'imported',
      }
      kept.push(one)
      return one
    },
    bytes: async (path: string) => kept.find(({ id }) => path === `/v1/encoders/${id}/weights`)!.bytes,
  }
  return { kept, api: api as unknown as Api }
}

const run = (words: readonly string[], options: object = {}, api?: Api) =>
  encoders.run({
    words,
    options: { serving: false, precision: 'fp32', batch: '1', ...options } as never,
    api: () => api!,
    say: () => {},
  })

const cosine = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, i) => sum + value * y[i]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))
}

const names = ['vit', 'dinov2', 'dinov2_with_registers', 'videomae', 'vjepa2']

test.each(names)('%s goes into a plant and comes out as ONNX with the features of transformers', async name => {
  const { kept, api } = plant()
  const { answer } = await run(['import', join(golden, name)], { name: `our ${name}`, serving: true }, api)
  expect(answer).toMatchObject({ encoder: { name: `our ${name}`, serving: true }, spec: { family: name } })
  const { frames } = decodeSafetensors(await readFile(join(golden, 'frames.safetensors'))).tensors
  const expected = decodeNpy(await readFile(join(golden, name, 'features.npy'))).data as Float32Array

  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  const exported = async (precision: string) => {
    const out = join(folder, `${name}.${precision}.onnx`)
    const { answer } = await run(['export', `our ${name}`], { precision, out }, api)
    const session = await runtime.load(await readFile(out))
    const { features } = await runtime.run(session, { frames: frames! })
    expect(answer).toMatchObject({ out, precision, features: features!.shape, frames: frames!.shape })
    return toFloat32(features!.data as Uint16Array)
  }
  // One cell of the grid is one patch here.
  const found = await exported('fp32')
  expect(
    Math.max(...found.map((value, i) => Math.abs(value - expected[i]!) / Math.max(1, Math.abs(value)))),
  ).toBeLessThan(2e-3)
  expect(cosine(found, expected)).toBeGreaterThan(0.999999)
  expect(cosine(await exported('int8'), expected)).toBeGreaterThan(0.999)
  expect((await run(['list'], {}, api)).lines[0]).toContain(name)
  expect(kept).toHaveLength(1)
})

test('without a plant, weights become one file, which is an encoder wherever a file is taken', async () => {
  const out = join(folder, 'dinov2.safetensors')
  const { lines } = await run(['import', join(golden, 'dinov2')], { out })
  expect(lines.join('\n')).toContain('left out, of no use to features: embeddings.mask_token')
  expect(await readEncoder(out)).toEqual({
    ...(await readEncoder(join(golden, 'dinov2'))),
    leftOut: undefined,
  })
  const { kept, api } = plant()
  await run(['import', out], { name: 'from a file' }, api)
  expect(kept[0]).toMatchObject({ name: 'from a file', serving: false, spec: { family: 'dinov2' } })
  const model = join(folder, 'batch.onnx')
  const { answer } = await run(['export'], { encoder: out, out: model, batch: '3' })
  expect(answer).toMatchObject({ frames: [3, 16, 16, 16, 3] })
})

describe('what is not an encoder is refused by name', () => {
  const spoilt = async (name: string, spoil: (copy: string) => Promise<unknown>) => {
    const copy = join(folder, name.replaceAll(/\W/g, '-'))
    await cp(join(golden, 'dinov2'), copy, { recursive: true })
    await spoil(copy)
    return copy
  }
  const cases: readonly (readonly [message: string, spoil: (copy: string) => Promise<unknown>])[] = [
    ['it has no config.json', copy => rm(join(copy, 'config.json'))],
    ['config.json: it is not JSON', copy => writeFile(join(copy, 'config.json'), '{')],
    ['bytes are more than 1048576', copy => writeFile(join(copy, 'config.json'), ' '.repeat(2 ** 20 + 1))],
    ['it has no model.safetensors', copy => rm(join(copy, 'model.safetensors'))],
    ['bytes, but its offsets', copy => writeFile(join(copy, 'model.safetensors'), hostileShape)],
    ['follow the header', copy => truncate(join(copy, 'model.safetensors'), 9000)],
    [
      'listed in model.safetensors.index.json',
      async copy => {
        await rm(join(copy, 'model.safetensors'))
        await writeFile(join(copy, 'model.safetensors.index.json'), '{"weight_map":{"x":"../../../etc/passwd"}}')
      },
    ],
    [
      'it is no plain file',
      async copy => {
        await rm(join(copy, 'model.safetensors'))
        await mkdir(join(copy, 'model.safetensors'))
      },
    ],
    ['hidden_act "relu" is not "gelu"', copy => changeConfig(copy, { hidden_act: 'relu' })],
  ]
  const hostileShape = (() => {
    const header = '{"x":{"dtype":"F32","shape":[1073741824],"data_offsets":[0,4]}}'
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    return Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)])
  })()
  const changeConfig = async (copy: string, change: object) => {
    const file = join(copy, 'config.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...change }))
  }
  test.each(cases)('%s', async (message, spoil) => {
    await expect(run(['import', await spoilt(message, spoil)], { out: join(folder, 'x') })).rejects.toThrow(message)
  })

  test.each([
    ['its metadata has no "spec"', {}],
    ['architecture "x" is not "video-vit"', { spec: '{"architecture":"x"}' }],
    ['JSON', { spec: '{' }],
  ])('a file: %s', async (message, metadata) => {
    const file = join(folder, 'other.safetensors')
    await writeFile(file, encodeSafetensors({ tensors: {}, metadata: metadata as Record<string, string> }))
    await expect(run(['export'], { encoder: file, out: join(folder, 'x') })).rejects.toThrow(message)
  })

  test('a name that is taken or not there', async () => {
    const { api } = plant()
    await run(['import', join(golden, 'vit')], { name: 'one' }, api)
    await expect(run(['import', join(golden, 'vit')], { name: 'one' }, api)).rejects.toThrow(
      'there is an encoder one already',
    )
    await expect(run(['export', 'two'], { out: 'x' }, api)).rejects.toThrow('there is no encoder two; there are one')
  })
})

test.each([
  [['import'], {}, 'usage: takt encoders list'],
  [['import', 'x'], {}, 'usage'],
  [['import', 'x'], { out: 'y', serving: true }, 'usage'],
  [['import', '/nowhere'], { out: 'y' }, '/nowhere cannot be read: it is not there'],
  [['export', 'x'], {}, 'usage'],
  [['export', 'x'], { out: 'y', encoder: 'z' }, 'usage'],
  [['export', 'x'], { out: 'y', precision: 'fp16' }, '--precision fp16 is not fp32 or int8'],
  [['export', 'x'], { out: 'y', batch: '0' }, '--batch 0 is not a whole number from 1 to 64'],
  [['forget', 'x'], {}, 'usage'],
])('%j %j is refused', async (words, options, message) => {
  await expect(run(words, options)).rejects.toThrow(message)
})
