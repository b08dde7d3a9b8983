import { expect, it } from 'vitest'
import { gapPosterior } from './gap-posterior.ts'
import { stampGaps, stampTrend } from './stamp-gaps.ts'

/** A digit a time step, `?` where nothing is known. */
const labels = (text: string) => Int16Array.from(text, digit => (digit === '?' ? -1 : Number(digit)))

it('a gap lies between stamps, or beside one; not between labelled ranges', () => {
  expect(stampGaps(labels('?1??2?'))).toEqual([
    { start: 0, end: 1, before: null, after: 1 },
    { start: 2, end: 4, before: 1, after: 2 },
    { start: 5, end: 6, before: 2, after: null },
  ])
  expect(stampGaps(labels('?11??22?'))).toEqual([])
  expect(stampGaps(labels('11?2?33'))).toHaveLength(2)
  expect(stampGaps(labels('121'))).toEqual([])
})

it('a class draws near its stamp and leaves it, except between two stamps of one class', () => {
  const found = labels('?0?1?1')
  const trend = stampTrend(stampGaps(found), 6, 2)
  const ofClass = (k: number) => Array.from({ length: 6 }, (_, time) => trend[2 * time + k])
  expect(ofClass(0)).toEqual([0, 1, -1, -1, 0, 0])
  expect(ofClass(1)).toEqual([0, 0, 1, 1, 0, 0])
})

const gap = { start: 1, end: 5, before: 0, after: 1 }
/** ln P of classes whose evidence is `sure` nats, a digit a time step. */
const evidence = (text: string, sure: number) =>
  Float32Array.from([...text].flatMap(digit => [0, 1, 2].map(k => (k === Number(digit) ? 0 : -sure))))

it('finds the border between two stamps where the evidence changes', () => {
  const { classes, shares } = gapPosterior({ gap, logs: evidence('000111', 9), classCount: 3, between: null })
  expect(classes).toEqual([0, 1])
  const ofFirst = Array.from({ length: 4 }, (_, time) => shares[2 * time]!)
  expect(ofFirst.map(Math.round)).toEqual([1, 1, 0, 0])
})

it('holds every border as likely where nothing is seen', () => {
  const { shares } = gapPosterior({ gap, logs: evidence('222222', 0), classCount: 3, between: null })
  expect(Array.from({ length: 4 }, (_, time) => shares[2 * time]!)).toEqual(
    [4 / 5, 3 / 5, 2 / 5, 1 / 5].map(share => expect.closeTo(share, 5)),
  )
})

it('may put another class between two stamps, and need not', () => {
  const between = 2
  const there = gapPosterior({ gap, logs: evidence('002211', 9), classCount: 3, between })
  expect(there.classes).toEqual([0, 2, 1])
  expect(Array.from({ length: 4 }, (_, time) => Math.round(there.shares[3 * time + 1]!))).toEqual([0, 1, 1, 0])
  const absent = gapPosterior({ gap, logs: evidence('000111', 9), classCount: 3, between })
  expect(Array.from({ length: 4 }, (_, time) => Math.round(absent.shares[3 * time + 1]!))).toEqual([0, 0, 0, 0])
})

it('is one class throughout between stamps of that class, and may turn into another at an end', () => {
  const same = gapPosterior({ gap: { ...gap, after: 0 }, logs: evidence('111111', 9), classCount: 3, between: null })
  expect([...same.shares]).toEqual([1, 1, 1, 1])
  const last = { ...gap, after: null }
  const open = gapPosterior({ gap: last, logs: evidence('000222', 9), classCount: 3, between: 2 })
  expect(Array.from({ length: 4 }, (_, time) => Math.round(open.shares[2 * time]!))).toEqual([1, 1, 0, 0])
})
