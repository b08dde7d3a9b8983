import {
  cast,
  type Graph,
  input,
  printType,
  sameType,
  type Tensor,
  type TensorType,
  type TensorValue,
  traceGraph,
} from '@takt/graph'
import { emitModel, fusionsFor, type Inference, type NamedTensors } from '@takt/onnx'
import type { AnyEncoderSpec } from './any-encoder-spec.ts'
import type { EncoderSpec } from './encoder-spec.ts'
import { nnError } from './errors.ts'
import { declareFoundationVit, foundationVit } from './foundation/foundation-vit.ts'
import { type Named, requireSameNames } from './named.ts'
import { initialLeaf, type Leaf, namedLeaves, tensorLeaf } from './parameters.ts'
import { declareVideoVit, poolToGrid, videoVit } from './video-vit.ts'

/** The spec's weights before any training, by name; the same seed gives the same bits on every machine. */
export function initialParameters(spec: EncoderSpec, seed: number): NamedTensors {
  return namedLeaves<TensorValue>(leaf => declareVideoVit(leaf, spec), initialLeaf(seed))
}

/** Throws `unmatched_names` or `mistyped_weights` unless there is a tensor for each of the spec's parameters, and no other. */
export function requireEncoderParameters(spec: AnyEncoderSpec, found: Named<TensorType>): void {
  const expected = namedLeaves<TensorType>(
    leaf => declareEncoder(leaf, spec),
    ({ shape }) => ({ dtype: 'float32', shape }),
  )
  requireSameNames('weights', found, expected)
  for (const [name, type] of Object.entries(expected)) {
    if (sameType(found[name]!, type)) continue
    throw nnError('mistyped_weights', { name, expected: printType(type), found: printType(found[name]!) })
  }
}

const declareEncoder = <T>(leaf: Leaf<T>, spec: AnyEncoderSpec): unknown =>
  spec.architecture === 'video-vit' ? declareVideoVit(leaf, spec) : declareFoundationVit(leaf, spec)

/** uint8 `frames` [batch, frames, size, size, 3] → float32 [batch, times, grid², dim]. */
export function encoderFeatures(spec: AnyEncoderSpec, batch: number): Tensor {
  const { inputSize, frames: frameCount } = spec
  const frames = input('frames', { dtype: 'uint8', shape: [batch, frameCount, inputSize, inputSize, 3] })
  return poolToGrid(encodeFrames(spec, frames), spec)
}

function encodeFrames(spec: AnyEncoderSpec, frames: Tensor): Tensor {
  if (spec.architecture === 'video-vit') return videoVit(declareVideoVit(tensorLeaf, spec), frames, spec)
  return foundationVit(declareFoundationVit(tensorLeaf, spec), frames, spec)
}

/** The encoder's graph: `encoderFeatures` as float16 `features`. */
export function encoderGraph(spec: AnyEncoderSpec, batch: number): Graph {
  return traceGraph({ features: cast(encoderFeatures(spec, batch), 'float16') })
}

interface EncoderModelOptions extends Partial<Inference> {
  readonly batch: number
}

/**
 * The encoder as an ONNX model of a fixed batch for a provider, the CPU unless another is named: `frames` uint8
 * [batch, frames, size, size, 3] to `features` float16 [batch, times, grid², dim]. Linear layers compute in float32
 * unless int8 is asked for, which throws `unsupported_precision` where it does not run. Parameters that are missing,
 * mistyped or unexpected throw.
 */
export function encoderModel(
  spec: AnyEncoderSpec,
  parameters: NamedTensors,
  { batch, provider = 'cpu', precision = 'float32' }: EncoderModelOptions,
): Uint8Array<ArrayBuffer> {
  const fuses = fusionsFor({ provider, precision })
  const graph = encoderGraph(spec, batch)
  requireExpected(graph, parameters)
  return emitModel(graph, parameters, fuses)
}

function requireExpected({ tensors }: Graph, parameters: NamedTensors): void {
  const known = new Set(tensors.flatMap(tensor => (tensor.operator === 'parameter' ? [tensor.attributes.name] : [])))
  const names = Object.keys(parameters).filter(name => !known.has(name))
  if (names.length > 0) throw nnError('unexpected_parameters', { names })
}
