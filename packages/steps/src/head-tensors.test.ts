import { describe, expect, it } from 'vitest'
import { tinyHead, tinyTemporalHead } from '../test/tiny-head.ts'
import { type HeadTensors, headFromTensors, headToTensors } from './head-tensors.ts'
import { assembleHead } from './step-head.ts'

const head = tinyHead(1, 3, 60)
const written = headToTensors(head)

type Change = (saved: {
  tensors: Record<string, { shape: number[]; data: Float32Array }>
  text: Record<string, unknown>
}) => void

/** A written head with something wrong in it. */
function damaged(change: Change, from: HeadTensors = written): HeadTensors {
  const tensors = Object.fromEntries(
    Object.entries(from.tensors).map(([name, { shape, data }]) => [name, { shape: [...shape], data: data.slice() }]),
  )
  const text: Record<string, unknown> = JSON.parse(from.metadata.head!)
  change({ tensors, text })
  return { tensors, metadata: { ...from.metadata, head: JSON.stringify(text) } }
}

const views =
  (change: Record<string, unknown>): Change =>
  ({ text }) => {
    text.views = (text.views as Record<string, unknown>[]).map(view => ({ ...view, ...change }))
  }

describe('headFromTensors', () => {
  it('reads back the head that was written, with its id', () => {
    expect(headFromTensors(written)).toEqual(head)
  })

  it('keeps how its ± is calibrated, and takes a file without it for uncalibrated', () => {
    const calibrated = assembleHead({
      ...head,
      calibration: { floorSeconds: 0.125, scale: 0.7, durationScale: 1.1 },
      farthest: [2, 3],
    })
    expect(headFromTensors(headToTensors(calibrated))).toEqual(calibrated)
    expect(calibrated.id).not.toBe(head.id)
    expect(headFromTensors(damaged(({ text }) => delete text.calibration))).toEqual(head)
  })

  it('writes plain float32 tensors whose shapes hold their data', () => {
    for (const { shape, data } of Object.values(written.tensors)) {
      expect(data).toBeInstanceOf(Float32Array)
      expect(shape.reduce((product, size) => product * size, 1)).toBe(data.length)
    }
  })

  it.each<[string, Change]>([
    ['a missing tensor', ({ tensors }) => delete tensors['views.0.weights']],
    ['a tensor of another shape', ({ tensors }) => tensors['views.0.weights']!.shape.reverse()],
    ['a shape its data do not fill', ({ tensors }) => tensors['views.1.mean']!.shape.fill(3)],
    [
      'an empty tensor',
      ({ tensors }) => Object.assign(tensors, { 'views.0.mean': { shape: [0], data: new Float32Array(0) } }),
    ],
    ['a weight that is no number', ({ tensors }) => tensors['views.0.weights']!.data.fill(Number.NaN)],
    ['a deviation of zero', ({ tensors }) => tensors['views.0.deviation']!.data.fill(0)],
    ['a hazard of one', ({ tensors }) => tensors['durations.hazards']!.data.fill(1)],
    ['a negative transition', ({ tensors }) => tensors['transitions.next']!.data.fill(-0.1)],
    ['a changed weight', ({ tensors }) => tensors['views.0.weights']!.data.fill(0.5)],
    ['a single class', ({ text }) => (text.classes = ['background'])],
    ['classes that are no names', ({ text }) => (text.classes = [1, 2, 3])],
    ['more classes than it was written with', ({ text }) => (text.classes = ['a', 'b', 'c', 'd'])],
    ['a lag beyond reason', ({ text }) => (text.lagSteps = 1e9)],
    ['a lag of half a step', ({ text }) => (text.lagSteps = 4.5)],
    ['a window longer than the explicit durations', ({ text }) => (text.lagSteps = 40)],
    ['a calibration that is none', ({ text }) => (text.calibration = { scale: 1 })],
    ['a distance that is none', ({ text }) => (text.farthest = [-1])],
    ['a ± of nothing', ({ text }) => (text.calibration = { floorSeconds: 0, scale: 0, durationScale: 1 })],
    ['an evidence weight of zero', ({ text }) => (text.evidenceWeight = 0)],
    ['no view', ({ text }) => (text.views = [])],
    ['a view twice', views({ viewId: 'front' })],
    ['a temperature of zero', views({ temperature: 0 })],
    ['a half-life that is text', views({ halfLifeSteps: '12' })],
  ])('refuses %s', (_, change) => {
    expect(() => headFromTensors(damaged(change))).toThrow(expect.objectContaining({ code: 'head_malformed' }))
  })

  it('refuses another format, and text that is no JSON', () => {
    const code = 'head_malformed'
    const { tensors, metadata } = written
    expect(() => headFromTensors({ tensors, metadata: {} })).toThrow(expect.objectContaining({ code }))
    expect(() => headFromTensors({ tensors, metadata: { ...metadata, head: 'null' } })).toThrow(
      expect.objectContaining({ code }),
    )
    expect(() => headFromTensors({ tensors, metadata: { ...metadata, head: '{' } })).toThrow(
      expect.objectContaining({ code }),
    )
  })
})

describe('a head with temporal scorers', () => {
  const temporal = tinyTemporalHead(1)
  const saved = headToTensors(temporal)

  it('reads back with its id, in a format of its own', () => {
    expect(headFromTensors(saved)).toEqual(temporal)
    expect(saved.metadata.format).toBe('takt-step-head-2')
  })

  it('leaves heads of linear scorers in the format they have always had, which says nothing of kinds', () => {
    expect(written.metadata.format).toBe('takt-step-head-1')
    expect(written.metadata.head).not.toContain('kind')
  })

  it.each<[string, Change]>([
    ['a layer that is missing', ({ tensors }) => delete tensors['views.0.network.layers.2.dilated.weights']],
    ['a layer of another width', ({ tensors }) => tensors['views.0.network.layers.1.pointwise.weights']!.shape.fill(1)],
    ['scores of other classes', ({ tensors }) => tensors['views.0.network.output.biases']!.shape.fill(2)],
    ['a weight that is no number', ({ tensors }) => tensors['views.0.network.input.weights']!.data.fill(Number.NaN)],
    ['a projection that is no matrix', ({ tensors }) => tensors['views.0.projection.weights']!.shape.push(1)],
    ['a changed projection', ({ tensors }) => tensors['views.0.projection.weights']!.data.fill(0.5)],
    ['a look-ahead shorter than its windows', ({ text }) => (text.lookAheadSteps = 14)],
    ['a kind that nobody knows', views({ kind: 'toString' })],
    ['linear views that say they are temporal', views({ kind: 'temporal' })],
    ['an evidence weight beyond reason', ({ text }) => (text.evidenceWeight = 5)],
  ])('refuses %s', (_, change) => {
    expect(() => headFromTensors(damaged(change, saved))).toThrow(expect.objectContaining({ code: 'head_malformed' }))
  })

  it('refuses them in the format of linear heads', () => {
    const metadata = { ...saved.metadata, format: 'takt-step-head-1' }
    expect(() => headFromTensors({ ...saved, metadata })).toThrow(expect.objectContaining({ code: 'head_malformed' }))
  })
})
