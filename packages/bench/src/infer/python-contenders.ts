import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EncoderSpec, videoPositions } from '@takt/nn'
import { encodeSafetensors, type NamedTensors } from '@takt/onnx'
import { type PythonRival, startPythonRival } from '../python/python-rival.ts'
import type { Contender } from './contender.ts'

const script = fileURLToPath(new URL('./rivals.py', import.meta.url))

interface PythonOptions {
  readonly python: string
  readonly stateDir: string
  readonly signal: AbortSignal
}

/** The same encoder, from the same weights, in PyTorch and in Python's ONNX Runtime; and what could not be opened. */
export async function openPython(
  { spec, parameters }: { readonly spec: EncoderSpec; readonly parameters: NamedTensors },
  { python, stateDir, signal }: PythonOptions,
) {
  const weights = join(stateDir, 'weights.safetensors')
  const tensors = { ...parameters, positions: videoPositions(spec) }
  await writeFile(weights, encodeSafetensors({ tensors, metadata: {} }))
  const args = [JSON.stringify({ spec, weights, folder: stateDir })]
  const rival = startPythonRival({ python, script, args, signal })
  const { names, leftOut } = await rival.ask<{ names: string[]; leftOut: Record<string, string> }>({ list: true })
  return {
    contenders: new Map(names.map(name => [name, contenderOf(rival, name, stateDir)])),
    leftOut,
    [Symbol.asyncDispose]: () => rival[Symbol.asyncDispose](),
  }
}

function contenderOf(rival: PythonRival, name: string, stateDir: string): Contender {
  const [clips, features] = [join(stateDir, `${name}.clips`), join(stateDir, `${name}.features`)]
  return {
    embed: async pixels => {
      await writeFile(clips, pixels)
      const { cpuSeconds } = await rival.ask<{ cpuSeconds: number }>({ rival: name, clips, features })
      const bytes = await readFile(features)
      return { cpuSeconds, features: new Float32Array(Uint8Array.from(bytes).buffer) }
    },
  }
}
