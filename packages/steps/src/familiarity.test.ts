import { describe, expect, it } from 'vitest'
import { tinyHead } from '../test/tiny-head.ts'
import { farthestDistances, isFamiliar } from './familiarity.ts'
import type { ObservedStep } from './time-step.ts'

const head = tinyHead(1)

/** A step so many of the training's deviations from its mean, in every feature of the views. */
const stepAt = (deviations: number, viewIds = ['front', 'side']): ObservedStep => ({
  kind: 'observed',
  views: Object.fromEntries(
    head.views.flatMap(({ viewId, ...scorer }) => {
      if (!viewIds.includes(viewId) || scorer.kind !== 'linear') return []
      const { priorMean, priorDeviation } = scorer.normaliser
      return [[viewId, priorMean.map((mean, j) => mean + deviations * priorDeviation[j]!)]]
    }),
  ),
})

describe('familiarity', () => {
  const steps = [stepAt(0.5), stepAt(-2), { kind: 'missing' } as const]
  const farthest = farthestDistances(head.views, [{ steps }])

  it('knows how far training lay from its mean, by view', () => {
    expect(farthest).toEqual([expect.closeTo(4, 4), expect.closeTo(4, 4)])
    expect(farthestDistances(head.views, [{ steps: [stepAt(1, ['side'])] }])).toEqual([0, expect.closeTo(1, 4)])
  })

  it('ends at three times the square distance of all that was learnt from', () => {
    expect(isFamiliar({ ...head, farthest }, stepAt(3.4))).toBe(true)
    expect(isFamiliar({ ...head, farthest }, stepAt(3.5))).toBe(false)
  })

  it('is lost with one view, and does not ask for what is not there', () => {
    const oneFar: ObservedStep = { kind: 'observed', views: { ...stepAt(0).views, ...stepAt(9, ['side']).views } }
    expect(isFamiliar({ ...head, farthest }, oneFar)).toBe(false)
    expect(isFamiliar({ ...head, farthest }, stepAt(0, ['front']))).toBe(true)
  })

  it('is all there is to a head that knows no distances', () => {
    expect(isFamiliar({ ...head, farthest: undefined }, stepAt(1e6))).toBe(true)
  })
})
