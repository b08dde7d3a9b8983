import {
  type Graph,
  input,
  reshape,
  type Tensor,
  type TensorType,
  type TensorValue,
  tensorValue,
  traceGraph,
} from '@takt/graph'
import {
  below,
  declareLinear,
  declareVideoVit,
  type EncoderSpec,
  initialLeaf,
  inputLeaf,
  type Leaf,
  labelledCrossEntropy,
  leafOf,
  linear,
  mapNamed,
  type Named,
  namedLeaves,
  namesBelow,
  objectiveGraph,
  PARAMETERS,
  poolToGrid,
  prefixNames,
  stateOf,
  videoVit,
} from '@takt/nn'
import { emitModel, type NamedTensors } from '@takt/onnx'
import { stackedDraws } from '../draws.ts'
import { sslError } from '../errors.ts'
import { ENCODER } from '../method.ts'
import { pickNamed } from '../pick-named.ts'
import { requireEncoder } from '../require-encoder.ts'
import { requireInteger } from '../require-integer.ts'
import { augment } from '../views/augment.ts'
import { drawViews } from '../views/draw-views.ts'
import { encodeView } from '../views/encode-view.ts'
import { plantWholeClip } from '../views/plant-views.ts'
import { fineTuneOptimiser, fineTuneSchedules } from './fine-tune-recipe.ts'

export interface FineTuneOptions {
  readonly spec: EncoderSpec
  /** Last blocks of the encoder that learn, with the norm after them; the others stay as they are. */
  readonly blocks: number
  readonly classes: number
  /** Clips a step. */
  readonly batch: number
  /** Length of the schedule. */
  readonly steps: number
  /** Of views and the classifier's first weights. */
  readonly seed: number
}

/** Clips with what they show. */
export interface LabelledClips {
  /** RGB [batch, frames, size, size, 3]. */
  readonly frames: Uint8Array
  /** [batch·times, classes]: as `clipTargets` makes them. */
  readonly targets: Float32Array
}

/** All that fine-tuning needs besides clips and labels; pure, as a `Trainer` is. */
export interface FineTuner {
  /** One step, for the runtime's `openTraining`. */
  readonly model: () => Uint8Array<ArrayBuffer>
  /** Throws `wrong_encoder`. */
  readonly initialState: (encoder: NamedTensors) => NamedTensors
  readonly encoderOf: (state: NamedTensors) => NamedTensors
  /** What the step after `firstStep` others takes. Throws `bad_frames`. */
  readonly inputs: (call: LabelledClips & { readonly firstStep: number }) => NamedTensors
  /** The `loss` of clips as they are, which nothing learns from: a model for the runtime's `load`. */
  readonly judge: () => Uint8Array<ArrayBuffer>
  /** What that takes. */
  readonly judged: (state: NamedTensors, clips: LabelledClips) => NamedTensors
}

/** What is frozen goes from step to step unchanged. */
const MEMORY = 'memory.'
const CLASSIFIER = 'classifier'

/**
 * The last blocks of an encoder and its last norm, trained with a linear classifier of each time step's coarse grid by
 * cross-entropy with labels. The classifier learns alone first: Kumar et al., "Fine-Tuning can Distort Pretrained Features
 * and Underperform Out-of-Distribution", ICLR 2022. Throws `bad_trainer`.
 */
export function fineTuner({ spec, blocks, classes, batch, steps, seed }: FineTuneOptions): FineTuner {
  for (const [name, value] of Object.entries({ blocks, batch, steps })) requireInteger(name, value, 1)
  requireInteger('classes', classes, 2)
  if (blocks > spec.depth)
    throw sslError('bad_trainer', { name: 'blocks', value: blocks, expected: `${spec.depth} at most` })
  const [times, places] = [spec.frames / spec.tubelet, spec.grid ** 2]
  const declareEncoder = <T>(leaf: Leaf<T>) => declareVideoVit(below('encoder', leaf), spec)
  const declareHead = <T>(leaf: Leaf<T>) => declareLinear(below(CLASSIFIER, leaf), places * spec.dim, classes)
  const typeLeaf: Leaf<TensorType> = ({ shape }) => ({ dtype: 'float32', shape })
  const encoderTypes = namedLeaves(declareEncoder, typeLeaf)
  const learns = learning(spec, blocks)
  const parameters = { ...pickNamed(encoderTypes, learns), ...namedLeaves(declareHead, typeLeaf) }
  const frozen = pickNamed(encoderTypes, name => !learns(name))
  const optimiser = fineTuneOptimiser(spec, ENCODER)
  const schedules = fineTuneSchedules(steps)
  const draws = drawViews(plantWholeClip, { spec, batch, seed })
  const clips = {
    frames: { dtype: 'uint8', shape: [batch, spec.frames, spec.inputSize, spec.inputSize, 3] },
    targets: { dtype: 'float32', shape: [batch * times, classes] },
  } as const satisfies Named<TensorType>
  const lossOf = (leaf: Leaf<Tensor>, tokens: Tensor, targets: Tensor) => {
    const rows = reshape(poolToGrid(tokens, spec), [batch * times, places * spec.dim])
    return labelledCrossEntropy(linear(declareHead(leaf), rows), targets)
  }
  const graph = (): Graph =>
    objectiveGraph({
      stepsPerCall: 1,
      parameters,
      teacher: {},
      memory: frozen,
      batch: { ...clips, ...draws.types },
      optimiser,
      clipNorm: 1,
      steady: name => !name.startsWith(ENCODER),
      objective: (learnt, fed: Named<Tensor>, { memory }) => {
        const leaf = leafOf({ ...memory, ...learnt })
        const shown = augment(fed.frames!, namesBelow('view0.', fed), spec)
        const tokens = encodeView(declareEncoder(leaf), shown, { spec, view: spec })
        return { loss: lossOf(leaf, tokens, fed.targets!), memory, collected: {} }
      },
    })
  const weightsOf = (state: NamedTensors) => ({ ...namesBelow(MEMORY, state), ...namesBelow(PARAMETERS, state) })
  const fed = ({ frames, targets }: LabelledClips) => {
    const expected = clips.frames.shape.reduce((count, size) => count * size, 1)
    if (frames.length !== expected) throw sslError('bad_frames', { found: frames.length, shape: clips.frames.shape })
    return {
      frames: { ...clips.frames, data: frames },
      targets: tensorValue(clips.targets, targets),
    } satisfies NamedTensors
  }
  return {
    model: () => emitModel(graph(), {}),
    initialState: encoder => {
      requireEncoder(encoder, namesBelow(ENCODER, encoderTypes))
      const given = prefixNames(ENCODER, encoder as Named<TensorValue>)
      const learnt = { ...pickNamed(given, learns), ...namedLeaves(declareHead, initialLeaf(seed)) }
      return stateOf<TensorValue>(learnt, optimiser, { teacher: {}, memory: pickNamed(given, name => !learns(name)) })
    },
    encoderOf: state => {
      const weights = namesBelow(ENCODER, weightsOf(state))
      return mapNamed(namesBelow(ENCODER, encoderTypes), (_, name) => weights[name]!)
    },
    inputs: ({ firstStep, ...labelled }) => ({
      ...mapNamed(fed(labelled), value => ({ ...value, shape: [1, ...value.shape] })),
      ...stackedDraws(draws, [firstStep + 1]),
      ...mapNamed(schedules, schedule => tensorValue({ dtype: 'float32', shape: [1] }, [schedule(firstStep + 1)])),
    }),
    judge: () => {
      const [frames, targets] = [input('frames', clips.frames), input('targets', clips.targets)]
      const tokens = videoVit(declareEncoder(inputLeaf), frames, spec)
      return emitModel(traceGraph({ loss: lossOf(inputLeaf, tokens, targets) }), {})
    },
    judged: (state, labelled) => ({ ...weightsOf(state), ...fed(labelled) }),
  }
}

/** The last blocks, and the norm after them. */
function learning({ depth }: EncoderSpec, blocks: number): (name: string) => boolean {
  const roots = Array.from({ length: blocks }, (_, i) => `${ENCODER}blocks.${depth - 1 - i}.`)
  return name => [...roots, `${ENCODER}norm.`].some(root => name.startsWith(root))
}
