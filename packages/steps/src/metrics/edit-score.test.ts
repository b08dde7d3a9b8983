import { expect, it } from 'vitest'
import { editScore } from './edit-score.ts'

const labels = (text: string) => Int16Array.from(text, digit => Number(digit))

it('compares the order of segments and not their lengths', () => {
  expect(editScore([{ truth: labels('001122'), predicted: labels('011112') }], [])).toBe(100)
})

it('counts one insertion among four segments', () => {
  // truth 1 2 3, predicted 1 2 1 3: distance 1, longest 4.
  expect(editScore([{ truth: labels('11122233'), predicted: labels('11221133') }], [0])).toBe(75)
})

it('leaves the background out, so that segments it parts stay two', () => {
  // truth 1 1, predicted 1: distance 1, longest 2.
  expect(editScore([{ truth: labels('0110110'), predicted: labels('0111110') }], [0])).toBe(50)
})

it('is the mean over sequences', () => {
  const right = { truth: labels('12'), predicted: labels('12') }
  const wrong = { truth: labels('12'), predicted: labels('33') }
  expect(editScore([right, wrong], [0])).toBe(50)
})

it('is 100 where neither has a segment, and null without a sequence', () => {
  expect(editScore([{ truth: labels('00'), predicted: labels('00') }], [0])).toBe(100)
  expect(editScore([], [0])).toBeNull()
})
