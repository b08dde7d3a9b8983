import { expect, test } from 'vitest'
import { resamplePlane } from './resample-plane.ts'

const plane = { offset: 0, width: 8, height: 4, step: 1 }
const gradient = Uint8Array.from({ length: 32 }, (_, index) => (index % 8) * 20)
const identity = Uint8Array.from({ length: 256 }, (_, value) => value)
const still = { tone: identity, noise: new Int8Array(64), noiseOffset: 0 }
const whole = { x: 0, y: 0, width: 8, height: 4, mirrored: false }

const resample = (window: Partial<typeof whole>, look: Partial<typeof still> = {}) => {
  const out = new Uint8ClampedArray(32)
  resamplePlane(gradient, out, plane, { ...whole, ...window }, { ...still, ...look })
  return [...out.slice(0, 8)]
}

test('the whole window gives the picture back, but for the last column, which is a hair short of the edge', () => {
  expect(resample({})).toEqual([0, 20, 40, 60, 80, 100, 120, 139])
})

test('a mirrored window runs from right to left', () => {
  expect(resample({ mirrored: true })).toEqual(resample({}).reverse())
})

test('half of the width is stretched with the values between', () => {
  expect(resample({ x: 2, width: 4 })).toEqual([35, 45, 55, 65, 75, 85, 95, 105])
})

test('a window past the edge repeats the edge and reads nothing outside', () => {
  expect(resample({ x: -4, width: 8 })).toEqual([0, 0, 0, 0, 0, 20, 40, 60])
})

test('tone comes before noise, and both stay within 8 bits', () => {
  const noise = new Int8Array(64).fill(-10)
  const doubled = Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, value * 2))
  expect(resample({}, { tone: doubled, noise })).toEqual([0, 30, 70, 110, 150, 190, 230, 245])
})
