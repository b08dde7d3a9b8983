import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomSteps } from '../../test/random-steps.ts'
import { tinyTemporalHead } from '../../test/tiny-head.ts'
import { advance } from '../decoder.ts'
import { openDecoder } from '../decoder-state.ts'
import { scoreWindow } from './score-window.ts'
import { type TemporalScorer, temporalKind } from './temporal-scorer.ts'
import { windowOf } from './window-batch.ts'
import { windowExamples } from './window-examples.ts'

const head = tinyTemporalHead(1)
const scorer = head.views[0] as TemporalScorer
const { viewId } = scorer

test('a network learns from the very windows that it is shown online, gaps, holes and ends included', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(0, 0.05), async (seed, missingShare) => {
      const steps = randomSteps(seed, 120, missingShare)
      const labels = Int16Array.from({ length: steps.length }, (_, step) => (step % 7 === 0 ? -1 : step % 3))
      const examples = await windowExamples([{ steps, labels }], {
        viewId,
        running: scorer,
        lookAheadSteps: head.lookAheadSteps,
      })
      const online = scoresOnline(steps)
      const seen = [...online.keys()].filter(step => labels[step] !== -1)
      expect(examples.map(({ step }) => step).toSorted((a, b) => a - b)).toEqual(seen)
      for (const example of examples) {
        expect(example.label).toBe(labels[example.step])
        const [logits] = scoreWindow(scorer.network, windowOf(example))
        expect(logits!.map(value => value / scorer.temperature)).toEqual(online.get(example.step))
      }
    }),
    { numRuns: 20 },
  )
})

/** What a station scores of the view, by step, with the end of the video drained. */
function scoresOnline(steps: ReturnType<typeof randomSteps>): Map<number, Float64Array> {
  const scores = new Map<number, Float64Array>()
  let state = openDecoder(head, 0)
  for (const [step, observed] of steps.entries()) {
    const before = state
    state = advance(head, state, [observed]).state
    const ready =
      observed.kind === 'missing' ? step : Math.max(before.ahead.readyThrough, step + 1 - head.lookAheadSteps)
    const own = temporalKind.copy(before.ahead.views[0] as ReturnType<typeof temporalKind.open>)
    const room = temporalKind.room(scorer, own)
    if (observed.kind === 'observed' && observed.views[viewId]) room.enter(step, observed.views[viewId])
    collect(room.leave(before.ahead.readyThrough, ready), before.ahead.readyThrough)
  }
  const rest = temporalKind.room(
    scorer,
    temporalKind.copy(state.ahead.views[0] as ReturnType<typeof temporalKind.open>),
  )
  collect(rest.leave(state.ahead.readyThrough, state.ahead.seenThrough), state.ahead.readyThrough)
  return scores

  function collect(logits: readonly (Float64Array | undefined)[], from: number): void {
    for (const [index, values] of logits.entries()) if (values) scores.set(from + index, values)
  }
}
