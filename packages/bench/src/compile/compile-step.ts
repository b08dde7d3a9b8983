import { type Graph, gradients, type Tensor, type TensorOf, traceGraph } from '@takt/graph'
import type { EncoderSpec } from '@takt/nn'
import { emitModel } from '@takt/onnx'
import type { Runtime } from '@takt/runtime'
import { videoMaePresets, videoMaeTrainer } from '@takt/ssl'
import { timedOften } from './cpu-seconds.ts'

/** CPU-seconds of each phase between a network as functions and a session that trains it. */
export interface CompiledStep {
  /** All of a call: forward pass, gradients, clipping, AdamW, the loop around them, and passes. */
  readonly graph: number
  /** Reverse-mode differentiation of that step's loss alone. */
  readonly gradient: number
  /** Lowering, and the bytes of the model. */
  readonly serialisation: number
  /** The runtime's own: reading the model, its optimisations, its plan of memory. */
  readonly session: number
}

export const phases = [
  'graph',
  'gradient',
  'serialisation',
  'session',
] as const satisfies readonly (keyof CompiledStep)[]

export interface StepSize {
  /** Tensors of the step's forward pass. */
  readonly forwardNodes: number
  /** With the gradients of all parameters. */
  readonly gradientNodes: number
  /** Of the whole step. */
  readonly nodes: number
  readonly modelBytes: number
}

const stepOf = (spec: EncoderSpec) =>
  videoMaeTrainer({ spec, preset: videoMaePresets.paper, batch: 8, stepsPerCall: 2, steps: 100, seed: 1 })

/** Compiles a VideoMAE training step of an encoder once. */
export async function compileStep(
  runtime: Runtime,
  spec: EncoderSpec,
): Promise<{ readonly seconds: CompiledStep; readonly size: StepSize }> {
  const trainer = stepOf(spec)
  const graph = timedOften(3, trainer.graph)
  const model = timedOften(3, () => emitModel(graph.value, {}))
  const { body, loss, parameters } = readStep(graph.value)
  const gradient = timedOften(15, () => gradients(loss, parameters))

  const before = await runtime.cpuSeconds()
  const session = await runtime.load(model.value)
  const loaded = await runtime.cpuSeconds()
  await runtime.unload(session)
  return {
    seconds: {
      graph: graph.seconds,
      gradient: gradient.seconds,
      serialisation: model.seconds,
      session: loaded - before,
    },
    size: {
      forwardNodes: traceGraph({ loss }).tensors.length,
      gradientNodes: traceGraph(Object.fromEntries(gradient.value.map((tensor, i) => [`g${i}`, tensor]))).tensors
        .length,
      nodes: body.tensors.length,
      modelBytes: model.value.length,
    },
  }
}

/** The step inside a call's loop: its loss, and what is learnt. */
function readStep({ tensors }: Graph): { body: Graph; loss: Tensor; parameters: readonly Tensor[] } {
  const { body } = tensors.find((tensor): tensor is TensorOf<'loop'> & Tensor => tensor.operator === 'loop')!.attributes
  const isLearnt = (tensor: Tensor) => tensor.operator === 'input' && tensor.attributes.name.startsWith('parameters.')
  return { body, loss: body.outputs['collected.loss']!, parameters: body.tensors.filter(isLearnt) }
}
