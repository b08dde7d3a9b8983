import { expect, test } from 'vitest'
import { chooseHead } from './choose-head.ts'
import { labelledRecording } from './labelled-steps.ts'

const pulse = (label: string, startSeconds: number) => ({
  label,
  startSeconds,
  endSeconds: startSeconds + 2,
  tier: 'task',
})
const cycle = (from: number) => [pulse('pick', from + 1), pulse('pack', from + 4)]
const spans = [...cycle(0), ...cycle(8), ...cycle(16)]
const features = Array.from({ length: 96 }, (_, step) => Float32Array.of(Math.sin(step), step % 32 < 12 ? 1 : 0, 1))

const choose = (endSeconds: number) => {
  const labelled = labelledRecording(spans, [{ startSeconds: 0, endSeconds }], features.length)
  return chooseHead([{ features, labelled, seeds: 1, signal: new AbortController().signal }])
}

test('with one labelled cycle, or a part of a second one, nothing is held out and the head is the better one on films', async () => {
  for (const endSeconds of [8, 11.5]) {
    expect(await choose(endSeconds)).toMatchObject({ head: 'temporal', because: expect.stringContaining('no two') })
  }
})

test('with two labelled cycles each head is tried on the one it has not learnt', async () => {
  const { because } = await choose(16)
  expect(because).toMatch(/of cycles held out, their mean: temporal [\d.]+, linear [\d.]+$/)
}, 60_000)
