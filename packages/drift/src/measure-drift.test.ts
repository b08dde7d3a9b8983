import { describe, expect, test } from 'vitest'
import { type Drawing, drawScene, drawWindow, grid } from '../test/drawn-scene.ts'
import { measureDrift } from './measure-drift.ts'
import { referenceOf } from './reference.ts'

const everywhere = Array.from({ length: grid * grid }, (_, place) => place)

/** Eight windows in which light goes up and down, and the camera trembles. */
const windows = Array.from({ length: 8 }, (_, i) => {
  const light = 1.2 * Math.sin(i)
  const background = drawScene({
    seed: i,
    tone: value => value * (1 + 0.05 * Math.sin(i)),
    look: (x, y) => [x + 0.002 * Math.cos(i), y],
  })
  return drawWindow(i, background, { light })
})
const reference = await referenceOf(windows, grid)

const drifted = (by: number, drawing: Drawing, places = everywhere) =>
  measureDrift(reference, drawWindow(100, drawScene({ seed: 100, ...drawing }), { places, by }))

test('what is as its reference is scores about 1, at every place, and has no kind', () => {
  const scores = [100, 101, 102, 103].map(seed => {
    const drift = measureDrift(reference, drawWindow(seed, drawScene({ seed }), { light: 0.2 }))
    expect(drift.kind).toBeNull()
    return drift.score
  })
  for (const score of scores) expect(score).toBeGreaterThan(0.5)
  for (const score of scores) expect(score).toBeLessThan(1.7)
})

test('a change in the direction in which the reference varies anyway counts for less than a new one of the same size', () => {
  const light = measureDrift(reference, drawWindow(100, null, { light: 0.8 })).score
  const other = measureDrift(reference, drawWindow(100, null, { places: everywhere, by: 0.8 })).score
  expect(other).toBeGreaterThan(1.5 * light)
})

describe('the pixels tell why', () => {
  test('the light', () => {
    expect(drifted(2, { tone: value => 0.6 * value })).toMatchObject({ kind: 'light' })
    expect(drifted(2, { tone: (value, x) => value * (1 + 0.8 * x) })).toMatchObject({ kind: 'light' })
    expect(drifted(2, { tone: value => 0.6 * value }).background!.picture.gain).toBeCloseTo(0.6, 1)
  })

  test('the camera, also in other light', () => {
    const look = (x: number, y: number) => [x + 0.04, y - 0.02] as const
    expect(drifted(2, { look })).toMatchObject({ kind: 'camera' })
    expect(drifted(2, { look, tone: value => 0.6 * value })).toMatchObject({ kind: 'camera' })
  })

  test('a picture of something else is a camera that looks elsewhere', () => {
    expect(drifted(2, { look: (x, y) => [y * 3 + 0.7, -x * 3] })).toMatchObject({ kind: 'camera' })
  })

  test('a thing that came to stay, and where it lies', () => {
    const drift = drifted(6, { patch: { x: -0.12, y: 0.12, side: 0.16, grey: 255 } }, [9])
    expect(drift.kind).toBe('object')
    expect(drift.places.indexOf(Math.max(...drift.places))).toBe(9)
    const objects = drift.background!.objects.map(ratio => ratio ?? 0)
    expect(objects.indexOf(Math.max(...objects))).toBe(9)
  })

  test('the same picture with other features is other work', () => {
    expect(drifted(2, {})).toMatchObject({ kind: 'work' })
  })

  test('without backgrounds nothing is explained', async () => {
    const bare = await referenceOf(
      windows.map(({ segments }) => ({ segments, background: null })),
      grid,
    )
    const window = drawWindow(100, drawScene(), { places: everywhere, by: 2 })
    expect(measureDrift(bare, window)).toMatchObject({ kind: 'unexplained', background: null })
    expect(measureDrift(reference, { ...window, background: null })).toMatchObject({ kind: 'unexplained' })
  })
})

test('one place of sixteen that changes much is enough', () => {
  expect(drifted(6, {}, [5]).kind).not.toBeNull()
})

test('features that never change at all have no infinite drift', async () => {
  const still = { segments: [new Float32Array(grid * grid * 12).fill(1)], background: null }
  const never = await referenceOf([still, still, still, still], grid)
  expect(measureDrift(never, still).score).toBe(0)
  expect(Number.isFinite(measureDrift(never, windows[0]!).score)).toBe(true)
})
