import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { namesBelow, prefixNames, videoPositions } from '@takt/nn'
import { encodeSafetensors, type NamedTensors } from '@takt/onnx'
import { startPythonRival } from '../python/python-rival.ts'
import type { Contender, Timed } from './contender.ts'
import type { Workload } from './workload.ts'

const script = fileURLToPath(new URL('./torch_step.py', import.meta.url))

interface TorchOptions {
  readonly python: string
  readonly stateDir: string
  readonly threads: number
  readonly compiled: boolean
  readonly signal: AbortSignal
}

interface Answer extends Timed {
  readonly peakMegabytes: number
  readonly idleMegabytes: number
}

/** The same model in PyTorch, from the same weights: eager, or through `torch.compile`. */
export async function openTorch(
  { spec }: Workload,
  state: NamedTensors,
  { python, stateDir, threads, compiled, signal }: TorchOptions,
): Promise<Contender> {
  const weights = join(stateDir, `weights-${compiled ? 'compiled' : 'eager'}.safetensors`)
  const { dim, depth, heads, patch, tubelet } = spec
  const decoder = { dim: dim / 2, depth: 4, heads: Math.ceil(dim / 128) }
  const tensors = {
    ...prefixNames('parameters.', namesBelow('parameters.', state)),
    'positions.encoder': videoPositions(spec),
    'positions.decoder': videoPositions(spec, decoder.dim),
  }
  await writeFile(weights, encodeSafetensors({ tensors, metadata: {} }))
  const sizes = { encoder: { dim, depth, heads }, decoder, patch, tubelet }
  const args = [JSON.stringify({ threads, weights, sizes, compiled, clip: 1 })]
  const rival = startPythonRival({ python, script, args, signal })
  let last: Answer | undefined
  return {
    advance: async ({ file }) => {
      last = await rival.ask<Answer>({ inputs: file })
      return last
    },
    peakMegabytes: async () => (last ? last.peakMegabytes - last.idleMegabytes : 0),
    [Symbol.asyncDispose]: () => rival[Symbol.asyncDispose](),
  }
}
