import { decodeSafetensors, encodeSafetensors } from '@takt/onnx'
import { type FitRequest, fitHead, type StepHead, type TimeStep } from '@takt/steps'
import { beforeAll, expect, test } from 'vitest'
import { decodeHead, encodeHead } from './head-file.ts'

let head: StepHead
let file: Uint8Array
let networkHead: StepHead
beforeAll(async () => {
  const labels = Int16Array.from({ length: 160 }, (_, i) => Math.floor(i / 20) % 2)
  const steps = Array.from(labels, (label, i): TimeStep => {
    return { kind: 'observed', views: { front: Float32Array.of(label + Math.sin(i) / 4, Math.cos(i)) } }
  })
  const request = { sequences: [{ steps, labels }], classes: ['background', 'pick'] }
  head = (await fitHead(request)).head
  const train: FitRequest['train'] = async ({ initial }) => initial
  networkHead = (await fitHead({ ...request, train, options: { kind: 'both' } })).head
  file = encodeHead(head)
})

test('a head is the same after the file', () => {
  expect(decodeHead('heads/a', file)).toEqual(head)
  expect(decodeHead('heads/b', encodeHead(networkHead))).toEqual(networkHead)
})

test('writing a head twice gives the same bytes', () => {
  expect(encodeHead(decodeHead('heads/a', file))).toEqual(file)
})

test.each<[string, (file: Uint8Array) => Uint8Array]>([
  ['that is empty', () => new Uint8Array()],
  ['that is cut short', bytes => bytes.subarray(0, bytes.length - 1)],
  ['that is no safetensors file', () => new Uint8Array(1000).fill(255)],
  [
    'with a flipped bit in its weights',
    bytes => {
      const changed = bytes.slice()
      changed[changed.length - 2]! ^= 1
      return changed
    },
  ],
  [
    'that lacks a tensor',
    bytes => {
      const { tensors, metadata } = decodeSafetensors(bytes)
      const { 'views.0.weights': _, ...rest } = tensors
      return encodeSafetensors({ tensors: rest, metadata })
    },
  ],
  [
    'with a tensor of another type',
    bytes => {
      const { tensors, metadata } = decodeSafetensors(bytes)
      const biases = { dtype: 'float16' as const, shape: [2], data: new Uint16Array(2) }
      return encodeSafetensors({ tensors: { ...tensors, 'views.0.biases': biases }, metadata })
    },
  ],
  ['without its description', bytes => encodeSafetensors({ tensors: decodeSafetensors(bytes).tensors, metadata: {} })],
])('a file %s is refused by its key', (_, spoil) => {
  expect(() => decodeHead('heads/a', spoil(file))).toThrow(
    expect.objectContaining({
      code: 'head-malformed',
      retryable: false,
      message: expect.stringMatching(/^head heads\/a cannot be used: ./),
    }),
  )
})
