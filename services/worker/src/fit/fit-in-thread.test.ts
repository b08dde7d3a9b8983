import type { TrainingSequence } from '@takt/steps'
import { expect, test } from 'vitest'
import { fitInThread } from './fit-in-thread.ts'

const classes = ['background', 'pick', 'place']
const labels = Int16Array.from({ length: 120 }, (_, i) => [0, 1, 1, 0, 2, 2][Math.floor(i / 4) % 6]!)
const features = (label: number, i: number): Float32Array =>
  Float32Array.from({ length: 8 }, (_, k) => (k === label ? 3 : 0) + Math.sin(i * 7 + k))
const steps: TrainingSequence['steps'] = [...labels].map((label, i) => ({
  kind: 'observed',
  views: { front: features(label, i) },
}))
const never = new AbortController().signal

test('a head comes back from the thread as it would from a call', async () => {
  const { head } = await fitInThread({ sequences: [{ steps, labels }], classes }, never)
  expect(head.classes).toEqual(classes)
  expect(head.views[0]!.weights).toHaveLength(classes.length * 8)
  expect(head.id).toMatch(/^[0-9a-f]+$/)
})

test('the event loop goes on while a head is fitted', async () => {
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  await fitInThread({ sequences: [{ steps, labels }], classes }, never)
  clearInterval(ticking)
  expect(turns).toBeGreaterThan(10)
})

test('a refusal keeps its code, its words and that trying again will not help', async () => {
  const unknown = { steps, labels: new Int16Array(labels.length).fill(-1) }
  await expect(fitInThread({ sequences: [unknown], classes }, never)).rejects.toMatchObject({
    code: 'no_labels',
    retryable: false,
    message: expect.stringContaining('no step is labelled'),
  })
})

test('an abort ends the thread and is what is thrown', async () => {
  const reason = new Error('the worker stops')
  const controller = new AbortController()
  const fit = fitInThread({ sequences: [{ steps, labels }], classes }, controller.signal)
  controller.abort(reason)
  await expect(fit).rejects.toBe(reason)
})
