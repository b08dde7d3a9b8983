import { affine } from './affine.ts'
import type { ByteReader, ByteWriter } from './binary.ts'
import { blockCount } from './block-codes.ts'
import { copyNormaliser, type Normaliser, type NormaliserState, normalising, openNormaliser } from './normalise.ts'
import type { ScorerKind } from './scorer-kind.ts'

/** Scores each step of one view for itself: logits (W z + b) / temperature of normalised features z. */
export type LinearScorer = {
  readonly kind: 'linear'
  readonly viewId: string
  readonly normaliser: Normaliser
  /** `[class, dim]`. */
  readonly weights: Float32Array
  /** `[class]`. */
  readonly biases: Float32Array
  readonly temperature: number
}

/** The moments so far, and the steps that wait. */
export type LinearState = NormaliserState & { readonly kind: 'linear' }

export const linearKind: ScorerKind<LinearScorer, LinearState> = {
  dim: ({ normaliser }) => normaliser.priorMean.length,
  halfLifeSteps: ({ normaliser }) => normaliser.halfLifeSteps,
  open: ({ normaliser }) => ({ kind: 'linear', ...openNormaliser(normaliser) }),
  copy: state => ({ kind: 'linear', ...copyNormaliser(state) }),
  // Nothing of what lies before a gap is looked at but the moments, which stay.
  forget: () => {},
  room: (scorer, state) => {
    const { enter, leave } = normalising(scorer.normaliser, state)
    return { enter, leave: (from, to) => leave(from, to).map(z => z && logits(scorer, z)) }
  },
  write: writeNormaliser,
  read: (body, { normaliser }, most) => ({
    kind: 'linear',
    ...readNormaliser(body, normaliser.priorMean.length, most),
  }),
  identity: ({ viewId, temperature, normaliser, weights, biases }) => {
    const { halfLifeSteps, priorWeight, varianceFloor, priorMean, priorDeviation } = normaliser
    return {
      scalars: [viewId, temperature, halfLifeSteps, priorWeight, varianceFloor],
      arrays: [priorMean, priorDeviation, weights, biases],
    }
  },
}

function logits(scorer: LinearScorer, z: Float32Array): Float64Array {
  const values = new Float64Array(scorer.biases.length)
  affine(scorer, { values: z, at: 0 }, { values, at: 0 })
  return values.map(value => value / scorer.temperature)
}

function writeNormaliser(body: ByteWriter, { weight, mean, variance, pending }: NormaliserState): void {
  body.float64(weight)
  body.array(mean)
  body.array(variance)
  body.uint32(pending.length)
  for (const { step, codes } of pending) {
    body.float64(step)
    body.array(codes.scales)
    body.array(codes.codes)
  }
}

function readNormaliser(body: ByteReader, dim: number, lookAheadSteps: number): NormaliserState {
  const weight = body.float64()
  const mean = body.float32Array(dim)
  const variance = body.float32Array(dim)
  const pending = body.list(lookAheadSteps, () => {
    const step = body.float64()
    return { step, codes: { scales: body.float32Array(blockCount(dim)), codes: body.int8Array(dim) } }
  })
  return { weight, mean, variance, pending }
}
