import { untrainedEncoder } from '@takt/nn'
import { expect, test } from 'vitest'
import { fineTuned, parseFineTuning } from './fine-tuning.ts'

test('blocks are counted from the last', () => {
  expect(parseFineTuning('2', '5m')).toEqual({ blocks: 2, budgetMs: 300_000 })
})

test('without blocks nothing is learnt from labels', () => {
  expect(parseFineTuning(undefined, '5m')).toBeUndefined()
})

test.each([
  ['0', '5m', '--fine-tune'],
  ['-1', '5m', '--fine-tune'],
  ['1.5', '5m', '--fine-tune'],
  ['all', '5m', '--fine-tune'],
  ['', '5m', '--fine-tune'],
  ['1', '5', '--budget'],
])('%j for %s is refused', (blocks, budget, option) => {
  expect(() => parseFineTuning(blocks, budget)).toThrow(option)
})

test('more blocks than the encoder has are refused before the recording is read', async () => {
  const labelled = { video: '/nowhere.mp4', spans: [], train: [], signal: AbortSignal.abort(), say: () => {} }
  const tuning = { blocks: 5, budgetMs: 1000 }
  await expect(fineTuned(untrainedEncoder({ seed: 1 }), tuning, labelled)).rejects.toThrow('4 blocks at most')
})
