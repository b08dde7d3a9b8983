import { expect, it } from 'vitest'
import { labelledStretches } from '../labelled-runs.ts'
import { cycleLength } from './cycle-length.ts'

/** A digit a run, ten time steps each; a space is unknown. */
const lengthOf = (runs: string) => {
  const labels = [...runs].flatMap(run => Array<number>(10).fill(run === ' ' ? -1 : Number(run)))
  return cycleLength(labelledStretches(Int16Array.from(labels)))
}

it('is the time until every step comes again', () => {
  expect(lengthOf('0102030102030')).toBe(60)
  expect(lengthOf('0102010301020103')).toBe(80)
})

it('is the labelled range where that is one cycle, though a step comes twice in it', () => {
  expect(lengthOf('010203')).toBe(60)
  expect(lengthOf('01020103040506')).toBe(140)
})

it('is known from a cycle and a part of the next, and from ranges apart', () => {
  expect(lengthOf('010203010')).toBe(60)
  expect(lengthOf('010203 0102')).toBe(60)
})
