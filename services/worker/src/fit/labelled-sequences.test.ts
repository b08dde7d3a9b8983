import type { FitWork } from '@takt/db'
import { slotOf, slotStartMs } from '@takt/domain'
import type { ReadSlot, StationReader } from '@takt/timeline'
import { expect, test } from 'vitest'
import { labelledSequences } from './labelled-sequences.ts'

const origin = 1_800_000_000_000
const at = (seconds: number) => origin + seconds * 1000

const plain = { optional: false, repeats: false, anyOrderGroup: null } as const

type Labelled = readonly [label: string, fromSeconds: number, toSeconds: number]

const workOf = (ranges: readonly { from: number; to: number; labels: readonly Labelled[] }[]): FitWork => ({
  head: 'head',
  station: 'station',
  encoder: 'encoder',
  state: 'fitting',
  createdAtMs: 0,
  steps: [
    { ...plain, name: 'pick', level: 'task', position: 0, opensCycle: true },
    { ...plain, name: 'screw', level: 'task', position: 1, opensCycle: false },
    { ...plain, name: 'turn', level: 'motion', position: 0, opensCycle: false },
  ],
  parentOf: new Map([['turn', 'screw']]),
  ranges: ranges.map(({ from, to, labels }) => ({
    startMs: at(from),
    endMs: at(to),
    labels: labels.map(([label, start, end]) => ({ label, startMs: at(start), endMs: at(end) })),
  })),
})

/** Every slot before `settledMs` is there, one read giving 100 at most. */
const readerTo = (settledMs: number): StationReader => ({
  read: async (_, { fromSlot, toSlot }) => {
    const end = Math.max(fromSlot, Math.min(toSlot, slotOf(settledMs), fromSlot + 100))
    const slots = Array.from({ length: end - fromSlot }, (_, i): ReadSlot => {
      const slot = fromSlot + i
      const step = { kind: 'observed', views: { front: Float32Array.of(slot) } } as const
      return { position: { slot, views: [] }, step, absoluteErrorMs: 0 }
    })
    return { settled: { toSlot: end, watermarkMs: slotStartMs(end), late: [], gaps: new Map() }, slots }
  },
})

const classes = ['background', 'pick', 'screw']
const options = { signal: new AbortController().signal, nowMs: at(1000) }

test('a declared range has its labels and background, and what surrounds it is unknown', async () => {
  const work = workOf([
    {
      from: 0,
      to: 3,
      labels: [
        ['pick', 0.5, 1],
        ['turn', 1, 2],
      ],
    },
  ])
  const [sequence, ...others] = await labelledSequences(work, classes, readerTo(at(60)), options)
  expect(others).toEqual([])
  expect(sequence!.steps).toHaveLength((90 + 3 + 5) * 4)
  const around = (count: number) => Array<number>(count).fill(-1)
  expect([...sequence!.labels]).toEqual([...around(360), 0, 0, 1, 1, 2, 2, 2, 2, 0, 0, 0, 0, ...around(20)])
  expect(sequence!.occurrences).toEqual([
    { classIndex: 1, start: 362, end: 364 },
    { classIndex: 2, start: 364, end: 368 },
  ])
  expect([...sequence!.motions!].slice(362, 370)).toEqual([0, 0, 1, 1, 1, 1, 0, 0])
})

test('the motions of a task and what lies between them are one occurrence of it; two tasks that touch stay two', async () => {
  const labels: Labelled[] = [
    ['turn', 0, 1],
    ['screw', 1, 2],
    ['turn', 2, 3],
    ['pick', 3, 4],
    ['pick', 4, 5],
  ]
  const work = workOf([{ from: 0, to: 6, labels }])
  const [sequence] = await labelledSequences(work, classes, readerTo(at(60)), options)
  expect(sequence!.occurrences).toEqual([
    { classIndex: 2, start: 360, end: 372 },
    { classIndex: 1, start: 372, end: 376 },
    { classIndex: 1, start: 376, end: 380 },
  ])
  expect([...sequence!.motions!].slice(359, 373)).toEqual([0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0])
})

test('ranges whose surroundings touch are read once, as one stretch', async () => {
  const work = workOf([
    { from: 0, to: 10, labels: [['pick', 0, 10]] },
    { from: 60, to: 70, labels: [['screw', 60, 70]] },
    { from: 1000, to: 1010, labels: [] },
  ])
  const sequences = await labelledSequences(work, classes, readerTo(at(5000)), options)
  expect(sequences.map(({ steps }) => steps.length)).toEqual([(90 + 70 + 5) * 4, (90 + 10 + 5) * 4])
})

test('it waits while labelled video is still being embedded, and says up to when it is there', async () => {
  const work = workOf([{ from: 0, to: 30, labels: [['pick', 0, 30]] }])
  await expect(labelledSequences(work, classes, readerTo(at(20)), options)).rejects.toMatchObject({
    code: 'video-not-settled',
    retryable: true,
    message: expect.stringContaining(new Date(at(20)).toISOString()),
  })
})

test('it does not wait for what lies behind the last label', async () => {
  const work = workOf([{ from: 0, to: 30, labels: [['pick', 0, 30]] }])
  const [sequence] = await labelledSequences(work, classes, readerTo(at(30)), options)
  expect(sequence!.steps).toHaveLength((90 + 30) * 4)
})

test('a label that the process does not know is refused by its name', async () => {
  const work = workOf([{ from: 0, to: 3, labels: [['weld', 0, 1]] }])
  await expect(labelledSequences(work, classes, readerTo(at(60)), options)).rejects.toThrow('"weld"')
})

test('it stops with its signal', async () => {
  const work = workOf([{ from: 0, to: 3, labels: [] }])
  const signal = AbortSignal.abort(new Error('the worker stops'))
  await expect(labelledSequences(work, classes, readerTo(at(60)), { ...options, signal })).rejects.toThrow(
    'the worker stops',
  )
})
