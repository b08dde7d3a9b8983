import {
  constant,
  input,
  logSoftmax,
  loop,
  mean,
  mul,
  neg,
  reshape,
  type Shape,
  sub,
  sum,
  type Tensor,
  type TensorValue,
  tensorValue,
} from '@takt/graph'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { smallEncoder as spec } from '../test/small-encoder.ts'
import { declareProjector, type ProjectorSizes, projector } from './heads/projector.ts'
import { mapNamed, type Named, namesBelow, prefixNames } from './named.ts'
import { adamW } from './optimisers/adamw.ts'
import { clipByGlobalNorm } from './optimisers/clip-by-global-norm.ts'
import { ema } from './optimisers/ema.ts'
import { lars } from './optimisers/lars.ts'
import { namedGradients } from './optimisers/named-gradients.ts'
import type { Optimiser } from './optimisers/optimiser.ts'
import { below, initialLeaf, type Leaf, leafOf, namedLeaves } from './parameters.ts'
import { declarePredictor, type PredictorSpec, predictor } from './predictor.ts'
import { random } from './random.ts'
import { warmupCosine } from './schedules.ts'
import { declareVideoVit, videoPositions, visibleVideoVit } from './video-vit.ts'
import { declareVit, type VitSpec, vit } from './vit.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

interface Training {
  readonly declare: (leaf: Leaf<TensorValue>) => unknown
  readonly loss: (leaf: Leaf<Tensor>, data: Named<Tensor>) => Tensor
  readonly data: Named<TensorValue>
  readonly optimiser: Optimiser
  readonly peak: number
  readonly steps: number
}

/** Trains on one batch in one run of a loop, clipped and with a teacher that follows: losses, and weights at the end. */
async function train({ declare, loss, data, optimiser, peak, steps }: Training) {
  const parameters = namedLeaves<TensorValue>(declare, initialLeaf(1))
  const floats = (shape: Shape, numbers: readonly number[]) => tensorValue({ dtype: 'float32', shape }, numbers)
  const stepNumbers = Array.from({ length: steps }, (_, i) => i + 1)
  const state = {
    ...prefixNames('student.', parameters),
    ...prefixNames('teacher.', parameters),
    ...prefixNames('optimiser.', optimiser.initialState(parameters)),
  }
  const each = {
    rate: floats([steps], stepNumbers.map(warmupCosine({ peak, warmupSteps: 3, steps }))),
    step: floats([steps], stepNumbers),
  }
  const fixed = { decay: floats([], [0.05]), momentum: floats([], [0.9]), ...data }
  const fed = (values: Named<TensorValue>) => mapNamed(values, (value, name) => input(`${name}.fed`, value))
  const { rate, step } = fed(each)

  const { last, collected } = loop({
    trips: steps,
    initial: fed(state),
    each: { rate: rate!, step: step! },
    fixed: fed(fixed),
    step: (state, { rate, step }, { decay, momentum, ...data }) => {
      const student = namesBelow('student.', state)
      const value = loss(leafOf(student), data)
      const { gradients, norm } = clipByGlobalNorm(namedGradients(value, student), 1)
      const moments = namesBelow('optimiser.', state)
      const next = optimiser.step({ parameters: student, gradients, state: moments, rate, decay: decay!, step })
      const teacher = ema({ teacher: namesBelow('teacher.', state), student: next.parameters, momentum: momentum! })
      return {
        next: {
          ...prefixNames('student.', next.parameters),
          ...prefixNames('teacher.', teacher),
          ...prefixNames('optimiser.', next.state),
        },
        collected: { loss: value, norm },
      }
    },
  })
  const all = Object.entries({ ...state, ...each, ...fixed }).map(([name, value]) => [`${name}.fed`, value] as const)
  const feeds = Object.fromEntries<TensorValue>(all)
  const found = await evaluate(runtime, { ...prefixNames('last.', last), ...prefixNames('all.', collected) }, feeds)
  return { losses: found['all.loss']!, norms: found['all.norm']!, last: namesBelow('last.', found) }
}

const narrow: PredictorSpec = { inputs: spec.dim, dim: 16, depth: 1, heads: 2, outputs: 8 }

const declareMasked = <T>(leaf: Leaf<T>) => ({
  encoder: declareVideoVit(below('encoder', leaf), spec),
  predictor: declarePredictor(below('predictor', leaf), narrow),
})

/** Mean squared error of what is predicted for the hidden tokens from the visible ones. */
function maskedLoss(leaf: Leaf<Tensor>, { frames, visible, hidden, sought }: Named<Tensor>): Tensor {
  const parameters = declareMasked(leaf)
  const encoded = visibleVideoVit(parameters.encoder, { frames: frames!, visible: visible! }, spec)
  const masked = { encoded, visible: visible!, hidden: hidden!, positions: constant(videoPositions(spec, narrow.dim)) }
  const error = sub(predictor(parameters.predictor, masked, narrow), sought!)
  return mean(mul(error, error), [0, 1])
}

test('a small video ViT and its predictor learn one batch by AdamW, and their teacher follows', async () => {
  const int64 = (rows: readonly (readonly number[])[]) =>
    tensorValue({ dtype: 'int64', shape: [rows.length, rows[0]!.length] }, rows.flat())
  const shape = [2, spec.frames, spec.inputSize, spec.inputSize, 3]
  const pixels = Array.from({ length: 2 * 4 * 16 * 16 * 3 }, (_, i) => Math.round(127 + 120 * Math.sin(i / 97)))
  const { losses, norms, last } = await train({
    declare: declareMasked,
    loss: maskedLoss,
    data: {
      frames: tensorValue({ dtype: 'uint8', shape }, pixels),
      visible: int64([
        [0, 4],
        [3, 7],
      ]),
      hidden: int64([
        [1, 2, 3, 5, 6, 7],
        [0, 1, 2, 4, 5, 6],
      ]),
      sought: tensorValue(
        { dtype: 'float32', shape: [12, narrow.outputs] },
        Array.from({ length: 12 * narrow.outputs }, (_, i) => Math.sin(i)),
      ),
    },
    optimiser: adamW({ beta2: 0.95 }),
    peak: 0.01,
    steps: 30,
  })
  expect(losses).toHaveLength(30)
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 2)
  for (const norm of norms) expect(norm).toBeGreaterThan(0)
  const [student, teacher] = [namesBelow('student.', last), namesBelow('teacher.', last)]
  expect(Object.keys(teacher)).toEqual(Object.keys(student))
  expect(teacher['encoder.patch.weight']).not.toEqual(student['encoder.patch.weight'])
})

const imageSpec: VitSpec = { dim: 16, depth: 2, heads: 2, patch: 8, registers: 2, layerScale: 0.1 }
const classifier: ProjectorSizes = { inputs: 16, hidden: 16, outputs: 2, layers: 2 }

/** Cross-entropy of a class token's projection. */
function classLoss(leaf: Leaf<Tensor>, { images, classes }: Named<Tensor>): Tensor {
  const { classToken } = vit(declareVit(below('encoder', leaf), imageSpec), images!, imageSpec)
  const rows = reshape(classToken, [images!.shape[0]!, imageSpec.dim])
  const logits = projector(declareProjector(below('head', leaf), classifier), rows)
  return neg(mean(sum(mul(logSoftmax(logits), classes!), [1]), [0]))
}

test('a small image ViT with registers, layer scale and a batch-normed head learns two classes by LARS', async () => {
  const next = random(1, 'images')
  const shape = [8, 16, 16, 3]
  const bright = (image: number) => image % 2
  const pixels = Array.from({ length: 8 * 16 * 16 * 3 }, (_, i) =>
    Math.floor(next() * 200 + 50 * bright(Math.floor(i / (16 * 16 * 3)))),
  )
  const { losses } = await train({
    declare: leaf => [declareVit(below('encoder', leaf), imageSpec), declareProjector(below('head', leaf), classifier)],
    loss: classLoss,
    data: {
      images: tensorValue({ dtype: 'float32', shape }, pixels),
      classes: tensorValue(
        { dtype: 'float32', shape: [8, 2] },
        Array.from({ length: 8 }, (_, i) => [1 - bright(i), bright(i)]).flat(),
      ),
    },
    optimiser: lars({ trust: 0.02 }),
    peak: 1,
    steps: 30,
  })
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 4)
})
