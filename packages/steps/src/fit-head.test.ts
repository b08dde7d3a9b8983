import { describe, expect, it } from 'vitest'
import { BENCH, benchClasses, recordBench } from '../test/synthetic.ts'
import { type FitRequest, fitHead } from './fit-head.ts'
import type { TimeStep } from './time-step.ts'
import { processInOrder } from './transitions.ts'

describe('fitHead', () => {
  const observed = (...x: number[]): TimeStep => ({ kind: 'observed', views: { front: Float32Array.from(x) } })
  const steps = [observed(1, 2), observed(2, 1), observed(3, 3), observed(0, 1)]
  const labels = Int16Array.of(0, 1, 1, 0)
  const classes = ['background', 'fit']
  const valid: FitRequest = { sequences: [{ steps, labels }], classes }

  it('accepts the least there can be', async () => {
    await expect(fitHead(valid)).resolves.toMatchObject({ crossValidation: null })
  })

  it.each<[string, Partial<FitRequest>]>([
    ['no_labels', { sequences: [{ steps, labels: Int16Array.of(-1, -1, -1, -1) }] }],
    ['no_labels', { sequences: [] }],
    ['no_classes', { classes: ['background'] }],
    ['no_classes', { classes: ['background', 'fit', 'fit'] }],
    ['class_without_example', { classes: ['background', 'fit', 'screw'] }],
    ['label_out_of_range', { sequences: [{ steps, labels: Int16Array.of(0, 1, 2, 0) }] }],
    ['label_out_of_range', { sequences: [{ steps, labels: Int16Array.of(0, 1, -2, 0) }] }],
    ['labels_misaligned', { sequences: [{ steps, labels: Int16Array.of(0, 1) }] }],
    ['non_finite_features', { sequences: [{ steps: [...steps.slice(1), observed(1, Number.NaN)], labels }] }],
    ['dimension_mismatch', { sequences: [{ steps: [...steps.slice(1), observed(1, 2, 3)], labels }] }],
    ['view_missing', { sequences: [{ steps: [...steps.slice(1), { kind: 'observed', views: {} }], labels }] }],
    ['option_out_of_range', { options: { lagSteps: 0 } }],
    ['option_out_of_range', { options: { evidenceWeight: 5 } }],
    ['option_out_of_range', { options: { kind: 'temporal' } }],
    ['option_out_of_range', { options: { kind: 'temporal', lookAheadSteps: 14 } }],
    ['option_out_of_range', { options: { lookAheadSteps: 30, lagSteps: 20 } }],
    ['option_out_of_range', { options: { halfLifeSteps: Number.NaN } }],
    ['process_malformed', { options: { process: processInOrder([7]) } }],
  ])('refuses with %s', async (code, change) => {
    await expect(fitHead({ ...valid, ...change })).rejects.toMatchObject({ code, retryable: false })
  })

  it('names the view that never saw a class', async () => {
    const twoViews = steps.map((step, i): TimeStep => {
      if (step.kind === 'missing' || i > 0) return step
      return { kind: 'observed', views: { ...step.views, side: Float32Array.of(1) } }
    })
    const code = 'class_without_example'
    const request = { ...valid, sequences: [{ steps: twoViews, labels }] }
    await expect(fitHead(request)).rejects.toMatchObject({ code, values: { class: 'fit', viewId: 'side' } })
  })

  it('takes no gap for a part of a step', async () => {
    const bench = { ...BENCH, steps: 2, dim: 4 }
    const { steps: seen, labels: known } = recordBench(bench, 1, 1)
    const at = known.indexOf(1) + 3
    const gap = Array.from({ length: 200 }, (): TimeStep => ({ kind: 'missing' }))
    const torn = {
      steps: seen.toSpliced(at, 0, ...gap),
      labels: Int16Array.from([...known].toSpliced(at, 0, ...gap.map(() => 1))),
    }
    const { head } = await fitHead({ sequences: [torn], classes: benchClasses(bench) })
    const meanSteps = head.fresh.survival.subarray(head.fresh.maxSteps, 2 * head.fresh.maxSteps).reduce((a, b) => a + b)
    expect(meanSteps).toBeLessThan(60)
  })

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'))
    await expect(fitHead({ ...valid, signal })).rejects.toThrow('cancelled')
  })

  it('tells how far it is', async () => {
    const stages: string[] = []
    const training = recordBench({ ...BENCH, dim: 8 }, 3, 1)
    await fitHead({
      sequences: [training],
      classes: benchClasses(BENCH),
      progress: ({ stage, share }) => stages.push(`${stage} ${share}`),
    })
    expect(stages.at(0)).toBe('scorer 0')
    expect(stages.at(-1)).toBe('crossValidation 1')
  })
})
