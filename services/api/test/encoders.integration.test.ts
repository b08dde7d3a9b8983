import { type EncoderSpec, initialParameters } from '@takt/nn'
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from '@takt/onnx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminKey, startApi, type TestApi } from './start-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api?.[Symbol.asyncDispose]())

const spec: EncoderSpec = {
  architecture: 'video-vit',
  ...{ inputSize: 16, frames: 4, tubelet: 2, patch: 8, dim: 8, depth: 1, heads: 1, grid: 2 },
}
const weights = initialParameters(spec, 1)
const fileOf = (tensors: NamedTensors, metadata: Record<string, string> = { spec: JSON.stringify(spec) }) =>
  Buffer.from(encodeSafetensors({ tensors, metadata }))

const bring = (name: string, body: unknown, { serving = 'no', type = 'application/octet-stream' } = {}) =>
  api.call(`/v1/encoders?name=${name}&serving=${serving}`, { method: 'POST', body, headers: { 'content-type': type } })

const objects = async () => {
  const keys: string[] = []
  for await (const { key } of api.blobs.list('encoders/')) keys.push(key)
  return keys
}

test('an imported encoder is registered with its spec and hash, and its weights come back as they were', async () => {
  const answer = await bring('brought', fileOf(weights))
  expect(answer.statusCode).toBe(201)
  const encoder = answer.json()
  expect(encoder).toMatchObject({
    ...{ name: 'brought', method: 'imported', trained: true, spec, serving: false, parentId: null },
    learntFrom: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    about: expect.stringContaining('trained elsewhere'),
  })
  expect(answer.headers.location).toBe(`/v1/encoders/${encoder.id}`)
  const { rawPayload, headers } = await api.call(`/v1/encoders/${encoder.id}/weights`)
  expect(Number(headers['content-length'])).toBe(rawPayload.length)
  expect(decodeSafetensors(rawPayload).tensors).toEqual(weights)
})

test('over a socket, a file may be longer than any other body', async () => {
  const large = { ...spec, dim: 256 }
  const file = encodeSafetensors({ tensors: initialParameters(large, 1), metadata: { spec: JSON.stringify(large) } })
  expect(file.length).toBeGreaterThan(2 * api.context.limits.bodyBytes)
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/octet-stream' }
  const answer = await fetch(`${url}/v1/encoders?name=large`, { method: 'POST', headers, body: file })
  expect(answer.status).toBe(201)
  const { id } = (await answer.json()) as { id: string }
  const fetched = await fetch(`${url}/v1/encoders/${id}/weights`, { headers: { authorization: headers.authorization } })
  expect(Buffer.from(await fetched.arrayBuffer()).equals(file)).toBe(true)
})

test('one that serves takes the place of what served', async () => {
  await bring('first', fileOf(weights), { serving: 'yes' })
  await bring('second', fileOf(weights), { serving: 'yes' })
  const { items } = await api.get('/v1/encoders')
  const serving = items.filter((one: { serving: boolean }) => one.serving)
  expect(serving.map((one: { name: string }) => one.name)).toEqual(['second'])
})

describe('what is refused leaves neither a row nor an object', () => {
  const { 'patch.bias': bias, ...withoutBias } = weights
  const refusals: readonly (readonly [says: string, code: string, body: () => unknown])[] = [
    ['0 bytes are too few', 'encoder-refused', () => Buffer.alloc(0)],
    ['its header of', 'encoder-refused', () => Buffer.alloc(100, 0xff)],
    ['ends beyond', 'encoder-refused', () => fileOf(weights).subarray(0, 200)],
    ['follow the header', 'encoder-refused', () => fileOf(weights).subarray(0, -4)],
    ['its metadata has no "spec"', 'encoder-refused', () => fileOf(weights, { method: 'dino' })],
    ['is not JSON', 'encoder-refused', () => fileOf(weights, { spec: '{' })],
    ['architecture "resnet" is not', 'encoder-refused', () => fileOf(weights, { spec: '{"architecture":"resnet"}' })],
    ['missing: "patch.bias"', 'encoder-refused', () => fileOf(withoutBias)],
    ['unexpected: "more"', 'encoder-refused', () => fileOf({ ...weights, more: bias! })],
    [
      'weight "patch.bias" must be float32[8], not float32[2, 4]',
      'encoder-refused',
      () => fileOf({ ...weights, 'patch.bias': { ...bias!, shape: [2, 4] } }),
    ],
    ['named "taken"', 'name-taken', () => fileOf(weights)],
  ]
  test.each(refusals)('%s', async (says, code, body) => {
    if (code === 'name-taken') await bring('taken', fileOf(weights))
    const before = { rows: await api.db.prisma.encoder.count(), objects: await objects() }
    const answer = await bring('taken', body())
    expect(answer.json()).toMatchObject({ code, detail: expect.stringContaining(says) })
    expect({ rows: await api.db.prisma.encoder.count(), objects: await objects() }).toEqual(before)
  })

  test.each([
    ['no name', '', 'application/octet-stream', 400],
    ['JSON', 'as-json', 'application/json', 400],
    ['a form', 'as-form', 'multipart/form-data', 415],
  ])('%s', async (_, name, type, status) => {
    expect((await bring(name, type === 'application/json' ? {} : fileOf(weights), { type })).statusCode).toBe(status)
  })

  test('bytes are taken nowhere else', async () => {
    const headers = { 'content-type': 'application/octet-stream' }
    const answer = await api.call('/v1/stations', { method: 'POST', body: Buffer.alloc(10), headers })
    expect(answer.statusCode).toBe(415)
  })
})

test('weights that were imported are not trained on, and the refusal says so at once', async () => {
  const encoder = await api.db.prisma.encoder.create({
    data: {
      name: 'foundation',
      method: 'imported',
      spec: { architecture: 'foundation-vit' },
      weightsKey: 'encoders/f',
    },
  })
  const answer = await api.call('/v1/adaptations', {
    method: 'POST',
    body: { minutes: 1, stations: [], encoder: encoder.id },
  })
  expect(answer.json()).toMatchObject({ status: 409, code: 'encoder-not-trainable' })
})
