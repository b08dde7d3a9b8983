import { float32 } from '@takt/graph'
import type { NamedTensors } from '@takt/onnx'
import { expect, it } from 'vitest'
import type { SequenceEngine } from './sequence-engine.ts'
import { trainingOfLengths } from './training-of-lengths.ts'

/** Models whose state counts steps; how many are open, by the length that their bytes name. */
function countingEngine() {
  const open = new Set<number>()
  const engine: Pick<SequenceEngine, 'openTraining'> = {
    openTraining: async (model, initial) => {
      const length = 1000 * model[0]!
      let state = initial
      open.add(length)
      return {
        advance: async () => {
          state = { steps: float32([], [Number(state.steps!.data[0]) + 1]) }
          return length
        },
        state: async () => state,
        restore: async to => {
          state = to
        },
        [Symbol.asyncDispose]: async () => {
          open.delete(length)
        },
      }
    },
  }
  return { open, engine: { ...engine, openScoring: () => Promise.reject(new Error('nothing is scored')) } }
}

const model = (length: number) => Uint8Array.of(length / 1000)
const stepsOf = (state: NamedTensors) => state.steps!.data[0]

it('goes on in another model where the last one stopped, and keeps those open that there is room for', async () => {
  const { open, engine } = countingEngine()
  const training = trainingOfLengths(engine, model, { steps: float32([], [0]) })
  for (const length of [1000, 2000, 1000, 5000]) expect(await training.advance(length, {})).toBe(length)
  expect(stepsOf(await training.state())).toBe(4)
  expect([...open]).toEqual([1000, 2000, 5000])
  await training.advance(20_000, {})
  expect([...open]).toEqual([20_000])
  await training.advance(1000, {})
  expect([...open]).toEqual([1000])
  expect(stepsOf(await training.state())).toBe(6)
  await training[Symbol.asyncDispose]()
  expect(open.size).toBe(0)
})

it('has the first state before a step is made', async () => {
  const { engine } = countingEngine()
  await using training = trainingOfLengths(engine, model, { steps: float32([], [7]) })
  expect(stepsOf(await training.state())).toBe(7)
})
