import type { ByteReader, ByteWriter } from '../binary.ts'
import type { ScorerKind } from '../scorer-kind.ts'
import { scoreWindow } from './score-window.ts'
import { affinesOf, REACH, type WindowNetwork } from './window-network.ts'
import {
  absorbProjected,
  keepFrom,
  openWindow,
  type RunningProjection,
  rowsAround,
  type WindowState,
} from './window-state.ts'

/** Scores each step of one view by the 15 steps on either side of it: a network's logits / temperature. */
export type TemporalScorer = RunningProjection & {
  readonly kind: 'temporal'
  readonly viewId: string
  readonly network: WindowNetwork
  readonly temperature: number
}

export const temporalKind: ScorerKind<TemporalScorer, WindowState> = {
  dim: ({ projection }) => projection.weights.length / projection.biases.length,
  halfLifeSteps: ({ halfLifeSteps }) => halfLifeSteps,
  open: openWindow,
  copy: state => ({ ...state, mean: state.mean.slice(), recent: state.recent.slice() }),
  forget: state => {
    state.recent.length = 0
  },
  room: (scorer, state) => ({
    enter: (step, features) => absorbProjected(scorer, state, step, features),
    leave: (from, to) => {
      const logits = scoreWindow(scorer.network, rowsAround(scorer, state, [from, to]))
      keepFrom(state, to)
      return logits.map(ofStep => ofStep?.map(value => value / scorer.temperature))
    },
  }),
  write: writeWindow,
  read: (body, { projection }, lookAheadSteps) => readWindow(body, projection.biases.length, lookAheadSteps),
  identity: ({ viewId, temperature, halfLifeSteps, priorWeight, varianceFloor, projection, network }) => ({
    scalars: ['temporal', viewId, temperature, halfLifeSteps, priorWeight, varianceFloor],
    arrays: [projection, ...Object.values(affinesOf(network))].flatMap(({ weights, biases }) => [weights, biases]),
  }),
}

function writeWindow(body: ByteWriter, { weight, mean, variance, recent }: WindowState): void {
  body.float64(weight)
  body.float64(variance)
  body.array(mean)
  body.uint32(recent.length)
  for (const { step, projected } of recent) {
    body.float64(step)
    body.array(projected)
  }
}

function readWindow(body: ByteReader, components: number, lookAheadSteps: number): WindowState {
  const weight = body.float64()
  const variance = body.float64()
  const mean = body.float32Array(components)
  const recent = body.list(REACH + lookAheadSteps, () => {
    return { step: body.float64(), projected: body.float32Array(components) }
  })
  return { kind: 'temporal', weight, mean, variance, recent }
}
