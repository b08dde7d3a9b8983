import { mapNamed } from '@takt/nn'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { decodeAll, f1Of } from '../test/decode-all.ts'
import { BENCH, type Bench, benchClasses, recordBench } from '../test/synthetic.ts'
import { trainInChild } from '../test/train-in-child.ts'
import { advance } from './decoder.ts'
import { openDecoder } from './decoder-state.ts'
import { type FitRequest, type FittedHead, fitHead } from './fit-head.ts'
import { headFromTensors, headToTensors } from './head-tensors.ts'

// Training in a child process takes seconds, and longer on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const bench: Bench = { ...BENCH, dim: 24, steps: 4, noise: 1, swapChance: 0 }
const classes = benchClasses(bench)
const fitOn = (cycles: number, over: Partial<FitRequest> = {}) =>
  fitHead({ sequences: [recordBench(bench, cycles, 101)], classes, ...over })

/** Networks as they begin. */
const untrained: FitRequest['train'] = async ({ initial }) => initial

/** Networks that have learnt nothing: all classes are as likely to them, always. */
const ignorant: FitRequest['train'] = async ({ initial }) => {
  return mapNamed(initial, ({ shape, data }) => ({ dtype: 'float32', shape, data: new Float32Array(data.length) }))
}

describe('the kind of a head', () => {
  it('is linear where networks find less in cycles held out, and what was tried is told', async () => {
    const { head, chosen, crossValidation } = await fitOn(3, { train: ignorant })
    expect(head.views.map(({ kind }) => kind)).toEqual(['linear'])
    expect(chosen.kind).toBe('linear')
    expect(chosen.tried.map(({ kind }) => kind)).toEqual(['linear', 'temporal', 'both'])
    expect(chosen.tried[0]!.crossValidation).toEqual(crossValidation)
    expect(chosen.because).toMatch(/cycles held out, their mean: linear \d+\.\d, temporal \d+\.\d, both \d+\.\d;/)
  })

  it('is both together, unjudged, where no cycle can be held out', async () => {
    const train = vi.fn(untrained)
    const { head, chosen } = await fitOn(1, { train })
    expect(train).toHaveBeenCalledTimes(1)
    expect(head.views.map(({ kind }) => kind)).toEqual(['linear', 'temporal'])
    expect(chosen).toEqual({ kind: 'both', because: expect.stringContaining('too few cycles'), tried: [] })
    expect((await fitOn(1)).chosen).toMatchObject({ kind: 'linear', because: chosen.because })
  })

  it('is linear where nobody trains, or nobody looks far enough ahead for windows', async () => {
    expect((await fitOn(3)).chosen).toMatchObject({ kind: 'linear', tried: [{ kind: 'linear' }] })
    const shortSighted = await fitOn(3, { train: untrained, options: { lookAheadSteps: 8 } })
    expect(shortSighted.chosen.tried).toHaveLength(1)
  })

  it('is what is asked for', async () => {
    const { head } = await fitOn(3, { train: untrained, options: { kind: 'temporal' } })
    expect(head.views[0]!.kind).toBe('temporal')
    const { head: ofBoth } = await fitOn(1, { train: untrained, options: { kind: 'both' } })
    expect(ofBoth.views.map(({ viewId, kind }) => [viewId, kind])).toEqual([
      ['front', 'linear'],
      ['front', 'temporal'],
    ])
    expect(headFromTensors(headToTensors(ofBoth))).toEqual(ofBoth)
  })

  it('trains a network for each fold and one for all, each from other examples', async () => {
    const drawn: number[] = []
    const train: FitRequest['train'] = async ({ initial, calls }) => {
      const [first] = calls
      drawn.push((first!.targets!.data as Float32Array).reduce((sum, value) => sum + value, 0))
      return initial
    }
    await fitOn(3, { train, options: { kind: 'temporal' } })
    expect(new Set(drawn).size).toBe(4)
  })

  it('stops between networks when aborted', async () => {
    const stopping = new AbortController()
    const train: FitRequest['train'] = async ({ initial }) => {
      stopping.abort(new Error('cancelled'))
      return initial
    }
    await expect(fitOn(3, { train, signal: stopping.signal })).rejects.toThrow('cancelled')
  })
})

describe('a temporal head', () => {
  let fitted: FittedHead
  const training = recordBench(bench, 1, 101)
  const test = recordBench(bench, 8, 202)
  beforeAll(async () => {
    fitted = await fitHead({ sequences: [training], classes, train: trainInChild, options: { kind: 'temporal' } })
  })

  it('learnt from one cycle finds the steps of others: F1@50 of 90 or more', () => {
    expect(f1Of(test.labels, decodeAll(fitted.head, test.steps))).toBeGreaterThanOrEqual(90)
  })

  it('finds no work in an hour of rest, and the first steps after it', () => {
    const background = training.steps.filter((_, step) => training.labels[step] === 0)
    const rest = Array.from({ length: 14_400 }, (_, i) => background[(i * 7) % background.length]!)
    const { head } = fitted
    const resting = advance(head, openDecoder(head, 0), rest)
    expect(resting.finals.length).toBeLessThanOrEqual(1)
    const { finals, provisionals } = advance(head, resting.state, test.steps)
    const moved = [...finals, ...provisionals].map(interval => ({
      ...interval,
      startStep: interval.startStep - rest.length,
      endStep: interval.endStep - rest.length,
    }))
    expect(f1Of(test.labels, moved)).toBeGreaterThanOrEqual(90)
  })

  it('decodes the same after a journey through tensors', () => {
    const { head } = fitted
    expect(decodeAll(headFromTensors(headToTensors(head)), test.steps)).toEqual(decodeAll(head, test.steps))
  })
})
