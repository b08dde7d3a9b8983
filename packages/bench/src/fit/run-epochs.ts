import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TensorValue } from '@takt/graph'
import { encodeSafetensors } from '@takt/onnx'
import { sequenceEngine } from '@takt/recording'
import { type FeatureForm, featureStandard, fitSequenceHead, headRecipes, type LabelledFeatures } from '@takt/steps'
import type { BenchmarkOptions } from '../benchmark.ts'
import { cpuBetween, treeCpu } from '../measure/process-cpu.ts'
import { peakMegabytes } from '../measure/process-memory.ts'
import { type PythonRival, startPythonRival } from '../python/python-rival.ts'
import type { SequenceOnDisk, SequenceSizes } from './write-sequences.ts'

const script = fileURLToPath(new URL('./torch_ms_tcn.py', import.meta.url))

/** One epoch over all sequences, reading included. */
export interface Epoch {
  readonly seconds: number
  /** Of all threads of all processes that have a part in it. */
  readonly cpuSeconds: number
  /** Mean of the sequences' losses. */
  readonly loss: number
}

interface TorchEpoch extends Epoch {
  readonly readingSeconds: number
  readonly peakMegabytes: number
}

export interface EpochRounds {
  readonly ours: readonly Epoch[]
  readonly torch: readonly TorchEpoch[]
  /** Most memory of the training child and of this process, at each reading of a sequence since training began. */
  readonly megabytes: readonly { readonly child: number; readonly own: number }[]
  /** Megabytes of one sequence's features. */
  readonly sequenceMegabytes: number
}

export interface EpochOptions extends Pick<BenchmarkOptions, 'python' | 'stateDir' | 'say' | 'signal'> {
  readonly rounds: number
  readonly threads: number
}

/**
 * MS-TCN trained as `takt steps fit` trains it, and by PyTorch from the same weights, an epoch by turns. The first epoch
 * of ours loads the model and is left out; PyTorch warms up on two sequences.
 */
export async function runEpochs(
  written: readonly SequenceOnDisk[],
  { channels, classes }: SequenceSizes,
  { rounds, threads, python, stateDir, say, signal }: EpochOptions,
): Promise<EpochRounds> {
  const form = { channels, places: 1 }
  let child: number | undefined
  const megabytes: { child: number; own: number }[] = []
  const sequences = written.map((each): LabelledFeatures => {
    const read = async (into: Float32Array) => {
      await readInto(each, into)
      if (child !== undefined) {
        megabytes.push({ child: await peakMegabytes(child), own: process.memoryUsage.rss() / 2 ** 20 })
      }
    }
    return { name: each.name, times: each.labels.length, labels: each.labels, read }
  })
  await using rival = python
    ? await openTorch(sequences, { python, stateDir, threads, signal, form, classes })
    : undefined
  const torch: TorchEpoch[] = []
  const ours: Epoch[] = []
  let before = { ms: performance.now(), cpu: await treeCpu(process.pid) }
  await fitSequenceHead({
    head: 'ms-tcn',
    sequences,
    form,
    classCount: classes,
    seeds: [1],
    engine: sequenceEngine({ threads, signal, started: pid => (child = pid) }),
    recipe: { epochs: rounds + 1, leastSteps: 0 },
    signal,
    progress: async ({ epoch, loss }) => {
      const { total } = cpuBetween(before.cpu, await treeCpu(process.pid))
      const own = { seconds: (performance.now() - before.ms) / 1000, cpuSeconds: total, loss }
      if (epoch > 1) ours.push(own)
      say(`epoch ${epoch}: ${own.seconds.toFixed(1)} s, ${own.cpuSeconds.toFixed(1)} of CPU, loss ${loss.toFixed(3)}`)
      if (rival) {
        const asked = epoch > 1 ? written : written.slice(0, 2)
        const found = await rival.ask<TorchEpoch>({ sequences: asked.map(questionOf) })
        if (epoch > 1) torch.push(found)
        say(`PyTorch on ${asked.length}: ${found.seconds.toFixed(1)} s, ${found.cpuSeconds.toFixed(1)} of CPU`)
      }
      before = { ms: performance.now(), cpu: await treeCpu(process.pid) }
    },
  })
  return { ours, torch, megabytes, sequenceMegabytes: (written[0]!.labels.length * channels * 4) / 2 ** 20 }
}

const questionOf = ({ file, labels }: SequenceOnDisk) => ({ features: file, labels: [...labels] })

/** Bytes before an array in a file that `encodeNpy` has written. */
const HEADER_BYTES = 128

async function readInto({ file }: SequenceOnDisk, into: Float32Array): Promise<void> {
  await using handle = await open(file)
  const { size } = await handle.stat()
  const bytes = new Uint8Array(into.buffer, into.byteOffset, size - HEADER_BYTES)
  for (let done = 0; done < bytes.length; ) {
    done += (await handle.read(bytes, done, bytes.length - done, HEADER_BYTES + done)).bytesRead
  }
}

interface TorchOptions {
  readonly python: string
  readonly stateDir: string
  readonly threads: number
  readonly signal: AbortSignal
  readonly form: FeatureForm
  readonly classes: number
}

/** PyTorch with the first weights of ours. */
async function openTorch(sequences: readonly LabelledFeatures[], options: TorchOptions): Promise<PythonRival> {
  const { python, stateDir, threads, signal, form, classes } = options
  const { gain, offset } = await featureStandard(sequences, form)
  const { network } = headRecipes['ms-tcn']
  const vector = (data: Float32Array<ArrayBuffer>): TensorValue => ({ dtype: 'float32', shape: [data.length], data })
  const tensors = {
    ...network({ ...form, classes, stepLength: 1 }).initial(1),
    'standard.gain': vector(gain),
    'standard.offset': vector(offset),
  }
  const weights = join(stateDir, 'weights.safetensors')
  await writeFile(weights, encodeSafetensors({ tensors, metadata: {} }))
  const sizes = { inputs: form.channels, maps: 64, classes, layers: 10, refinements: 3 }
  return startPythonRival({ python, script, args: [JSON.stringify({ threads, weights, sizes })], signal })
}
