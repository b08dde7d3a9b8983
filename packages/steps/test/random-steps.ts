import { advance } from '../src/decoder.ts'
import { type DecoderState, openDecoder } from '../src/decoder-state.ts'
import type { Interval } from '../src/interval.ts'
import type { StepHead } from '../src/step-head.ts'
import type { TimeStep } from '../src/time-step.ts'
import { seededRandom } from './synthetic.ts'

/** First step that the decoders of these tests are given. */
export const FIRST_STEP = 100

export const missing: TimeStep = { kind: 'missing' }

/** Steps of random features in slow waves; now and then one view only, or none. */
export function randomSteps(seed: number, length: number, missingShare = 0): TimeStep[] {
  const { uniform, normal } = seededRandom(seed)
  let level = Float32Array.of(0, 0)
  return Array.from({ length }, (): TimeStep => {
    if (uniform() < 0.1) level = Float32Array.of(2 * normal(), 2 * normal())
    const see = () => level.map(value => value + 0.5 * normal())
    const front = see()
    const side = see()
    const draw = uniform()
    if (draw < missingShare) return missing
    return { kind: 'observed', views: draw < 0.6 ? { front, side } : draw < 0.8 ? { front } : { side } }
  })
}

/** All finals when the steps arrive in the given pieces, and the state they end in. */
export function decodeIn(
  head: StepHead,
  pieces: readonly (readonly TimeStep[])[],
  from: DecoderState = openDecoder(head, FIRST_STEP),
) {
  const finals: Interval[] = []
  let state = from
  for (const piece of pieces) {
    const result = advance(head, state, piece)
    finals.push(...result.finals)
    state = result.state
  }
  return { finals, state }
}
