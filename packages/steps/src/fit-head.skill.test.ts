import { describe, expect, it, vi } from 'vitest'
import { decodeAll, f1Of } from '../test/decode-all.ts'
import { BENCH, type Bench, benchClasses, recordBench } from '../test/synthetic.ts'
import { encodeCheckpoint } from './checkpoint.ts'
import { advance } from './decoder.ts'
import { openDecoder } from './decoder-state.ts'
import { logEvidence } from './evidence.ts'
import { type FitRequest, fitHead } from './fit-head.ts'
import { headFromTensors, headToTensors } from './head-tensors.ts'
import { drain, see } from './look-ahead.ts'
import { matchIntervals } from './metrics/match-intervals.ts'
import { kindOf } from './scorer-kinds.ts'
import type { TimeStep } from './time-step.ts'

// Fitting is minutes of work at most, and seconds here; other tests may have the processors.
vi.setConfig({ testTimeout: 60_000 })

/** A head fitted on some cycles of a bench, and another recording of it. */
async function fitAndRecord(bench: Bench, cycles: number, options: FitRequest['options'] = {}) {
  const training = recordBench(bench, cycles, 101)
  const fitted = await fitHead({ sequences: [training], classes: benchClasses(bench), options })
  return { ...fitted, training, test: recordBench(bench, 10, 202) }
}

describe('a fitted head', () => {
  it('finds the steps of new cycles after three labelled ones: F1@50 of 95 or more', async () => {
    const { head, test } = await fitAndRecord(BENCH, 3)
    const intervals = decodeAll(head, test.steps)
    expect(f1Of(test.labels, intervals)).toBeGreaterThanOrEqual(95)
  })

  it('finds most of them after a single one: F1@50 of 85 or more', async () => {
    const { head, test, crossValidation } = await fitAndRecord(BENCH, 1)
    expect(f1Of(test.labels, decodeAll(head, test.steps))).toBeGreaterThanOrEqual(85)
    expect(crossValidation).toBeNull()
  })

  it('says on held-out cycles what it then does on new ones, within 10 points', async () => {
    const { head, test, crossValidation } = await fitAndRecord({ ...BENCH, noise: 3.5 }, 6)
    expect(crossValidation!.cycles).toBe(6)
    expect(Math.abs(crossValidation!.f1At50! - f1Of(test.labels, decodeAll(head, test.steps)))).toBeLessThan(10)
  })

  it('follows drifting light, which fixed moments do not', async () => {
    const bench = { ...BENCH, driftPerMinute: 1.5 }
    const running = await fitAndRecord(bench, 4)
    const fixed = await fitAndRecord(bench, 4, { halfLifeSteps: 1e7 })
    const f1 = ({ head, test }: typeof running) => f1Of(test.labels, decodeAll(head, test.steps))
    expect(f1(running)).toBeGreaterThanOrEqual(95)
    expect(f1(running)).toBeGreaterThan(f1(fixed) + 3)
  })

  it('finds far more steps by durations and order than by the best score of every step', async () => {
    const { head, test } = await fitAndRecord({ ...BENCH, noise: 3.5 }, 4)
    const labels = new Int16Array(test.labels.length)
    const rooms = head.views.map(scorer => kindOf(scorer).room(scorer, kindOf(scorer).open(scorer)))
    const ahead = { seenThrough: 0, readyThrough: 0 }
    const take = (step: number, logits: readonly (Float64Array | undefined)[]) => {
      const scores = logEvidence(head, logits)
      labels[step] = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)))
    }
    for (const step of test.steps) {
      if (step.kind === 'observed') see(rooms, head.lookAheadSteps, ahead, [step.views.front], take)
    }
    drain(rooms, ahead, take)
    const decoded = f1Of(test.labels, decodeAll(head, test.steps))
    expect(decoded).toBeGreaterThan(f1Of(test.labels, labels) + 30)
  })

  it('finds no work in an hour of rest, and the first steps after it', async () => {
    const { head, training, test } = await fitAndRecord({ ...BENCH, noise: 2 }, 3)
    const background = training.steps.filter((_, step) => training.labels[step] === 0)
    const rest = Array.from({ length: 14_400 }, (_, i) => background[(i * 7) % background.length]!)
    const intervals = decodeAll(head, [...rest, ...test.steps])
    const afterRest = intervals.filter(({ startStep }) => startStep >= rest.length)
    expect(intervals.length - afterRest.length).toBeLessThanOrEqual(1)
    const shifted = afterRest.map(i => ({
      ...i,
      startStep: i.startStep - rest.length,
      endStep: i.endStep - rest.length,
    }))
    expect(f1Of(test.labels, shifted)).toBeGreaterThanOrEqual(95)
  })

  it('gives each border an error bar that most true borders respect', async () => {
    const { head, test } = await fitAndRecord({ ...BENCH, noise: 3 }, 5)
    const intervals = decodeAll(head, test.steps).map(i => ({ ...i, start: i.startStep / 4, end: i.endStep / 4 }))
    const { matched } = matchIntervals(trueSpans(test.labels, head.classes), intervals)
    const borders = matched.flatMap(({ truth, predicted: p }) => [
      { error: Math.abs(p.start - truth.start), sd: p.startSdSeconds },
      { error: Math.abs(p.end - truth.end), sd: p.endSdSeconds },
    ])
    const known = borders.filter(({ sd }) => sd !== null)
    expect(known.length).toBeGreaterThan(80)
    const within = known.filter(({ error, sd }) => error <= 2 * sd!).length / known.length
    expect(within).toBeGreaterThanOrEqual(0.85)
  })

  it('decodes the same after a journey through tensors', async () => {
    const { head, test } = await fitAndRecord(BENCH, 2)
    expect(decodeAll(headFromTensors(headToTensors(head)), test.steps)).toEqual(decodeAll(head, test.steps))
  })

  it('remembers no more after 100,000 steps than after 1,000', async () => {
    const { head, test } = await fitAndRecord({ ...BENCH, steps: 3, dim: 8 }, 3)
    let state = openDecoder(head, 0)
    let sizeEarly = 0
    for (let at = 0; at < 100_000; at += 500) {
      const steps = Array.from({ length: 500 }, (_, i) => test.steps[(at + i) % test.steps.length]!)
      state = advance(head, state, steps).state
      if (at === 500) sizeEarly = encodeCheckpoint(state).length
    }
    expect(encodeCheckpoint(state).length).toBeLessThan(sizeEarly + 300)
  })

  it('of real size keeps its checkpoint below 100 KB', async () => {
    const bench = { ...BENCH, steps: 11, dim: 3072, meanSteps: 6 }
    const training = recordBench(bench, 1, 1)
    const { head } = await fitHead({ sequences: [training], classes: benchClasses(bench) })
    const { state } = advance(head, openDecoder(head, 0), training.steps)
    expect(encodeCheckpoint(state).length).toBeLessThan(100_000)
  })

  it('learns from several views, and decodes with whichever is present', async () => {
    const bench = BENCH
    const join = (seed: number) => {
      const front = recordBench(bench, 3, seed)
      const twoViews = front.steps.map((step): TimeStep => {
        if (step.kind === 'missing') return step
        const x = step.views.front!
        return { kind: 'observed', views: { left: x.slice(0, 48), right: x.slice(48) } }
      })
      return { steps: twoViews, labels: front.labels }
    }
    const { head } = await fitHead({ sequences: [join(1)], classes: benchClasses(bench) })
    expect(head.views.map(view => view.viewId)).toEqual(['left', 'right'])
    const test = join(2)
    const f1With = (...viewIds: string[]) => {
      const steps = test.steps.map((step): TimeStep => {
        if (step.kind === 'missing') return step
        return { kind: 'observed', views: Object.fromEntries(viewIds.map(id => [id, step.views[id]!])) }
      })
      return f1Of(test.labels, decodeAll(head, steps))
    }
    expect(f1With('left', 'right')).toBeGreaterThanOrEqual(90)
    expect(f1With('left')).toBeGreaterThanOrEqual(50)
    expect(f1With('left', 'right')).toBeGreaterThanOrEqual(f1With('left'))
  })
})

function trueSpans(labels: Int16Array, classes: readonly string[]) {
  const spans: { step: string; start: number; end: number }[] = []
  for (let start = 0; start < labels.length; ) {
    let end = start
    while (end < labels.length && labels[end] === labels[start]) end++
    if (labels[start]! > 0) spans.push({ step: classes[labels[start]!]!, start: start / 4, end: end / 4 })
    start = end
  }
  return spans
}
