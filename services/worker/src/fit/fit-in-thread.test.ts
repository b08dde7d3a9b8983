import { readdirSync, readFileSync } from 'node:fs'
import type { TrainingSequence } from '@takt/steps'
import { expect, test, vi } from 'vitest'
import { fitInThread } from './fit-in-thread.ts'

// Threads and the processes they train in take seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const classes = ['background', 'pick', 'place']
const labels = Int16Array.from({ length: 120 }, (_, i) => [0, 1, 1, 0, 2, 2][Math.floor(i / 4) % 6]!)
const features = (label: number, i: number): Float32Array =>
  Float32Array.from({ length: 8 }, (_, k) => (k === label ? 3 : 0) + Math.sin(i * 7 + k))
const steps: TrainingSequence['steps'] = [...labels].map((label, i) => ({
  kind: 'observed',
  views: { front: features(label, i) },
}))
const never = new AbortController().signal
const linear = { sequences: [{ steps, labels }], classes, options: { kind: 'linear' } } as const
const temporal = { ...linear, options: { kind: 'temporal' } } as const

test('a head comes back from the thread as it would from a call', async () => {
  const { head } = await fitInThread(linear, never)
  expect(head.classes).toEqual(classes)
  expect(head.views[0]).toMatchObject({ kind: 'linear', weights: { length: classes.length * 8 } })
  expect(head.id).toMatch(/^[0-9a-f]+$/)
})

test('the event loop goes on while a head is fitted', async () => {
  let turns = 0
  const ticking = setInterval(() => turns++, 1)
  await fitInThread(linear, never)
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

test('an abort ends the thread and the process it trains in, and is what is thrown', async () => {
  const reason = new Error('the worker stops')
  const controller = new AbortController()
  const fit = fitInThread(temporal, controller.signal)
  fit.catch(() => {})
  await vi.waitFor(() => expect(childProcesses()).toBeGreaterThan(0), { timeout: 30_000 })
  controller.abort(reason)
  await expect(fit).rejects.toBe(reason)
  await vi.waitFor(() => expect(childProcesses()).toBe(0), { timeout: 30_000 })
})

test('an abort before anything was fitted is thrown as well', async () => {
  const reason = new Error('the worker stops')
  await expect(fitInThread(linear, AbortSignal.abort(reason))).rejects.toBe(reason)
  const controller = new AbortController()
  const fit = fitInThread(linear, controller.signal)
  controller.abort(reason)
  await expect(fit).rejects.toBe(reason)
})

/** Of this process, by what Linux tells of its threads. */
function childProcesses(): number {
  const children = readdirSync('/proc/self/task').map(id => readFileSync(`/proc/self/task/${id}/children`, 'utf8'))
  return children
    .join(' ')
    .split(' ')
    .filter(pid => pid.trim() !== '').length
}
