import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { initialParameters, random } from '@takt/nn'
import { decodeSafetensors, encodeSafetensors, type NamedTensors } from '@takt/onnx'
import { openTraining } from '@takt/runtime'
import { videoMaePresets, videoMaeTrainer } from '@takt/ssl'
import type { BenchmarkOptions } from '../benchmark.ts'
import type { Measured } from './encoders.ts'
import { cutClips } from './film-clips.ts'

export interface TrainedEncoder {
  readonly parameters: NamedTensors
  /** The loss of the first steps and of the last ones, tenths of the run. */
  readonly firstLoss: number
  readonly lastLoss: number
}

const stepsPerCall = 4
const seed = 1

/** An encoder after VideoMAE on the film's first part; trained once and kept, as rendered video is. */
export async function trainedEncoder(
  measured: Measured,
  film: Uint8Array,
  { materialDir, signal, say }: BenchmarkOptions,
): Promise<TrainedEncoder> {
  const key = createHash('sha256').update(JSON.stringify(measured)).digest('hex').slice(0, 12)
  const file = join(materialDir, `encoder-${key}.safetensors`)
  const kept = await readFile(file).catch(() => undefined)
  if (kept) {
    const { tensors, metadata } = decodeSafetensors(kept)
    return { parameters: tensors, firstLoss: Number(metadata.firstLoss), lastLoss: Number(metadata.lastLoss) }
  }
  say(`training ${measured.training.steps} steps, once`)
  const trained = await train(measured, film, signal)
  const { parameters: tensors, firstLoss, lastLoss } = trained
  const metadata = { firstLoss: String(firstLoss), lastLoss: String(lastLoss) }
  await writeFile(`${file}.unfinished`, encodeSafetensors({ tensors, metadata }))
  await rename(`${file}.unfinished`, file)
  return trained
}

async function train({ spec, training }: Measured, film: Uint8Array, signal: AbortSignal): Promise<TrainedEncoder> {
  const { batch, steps, maskRatio } = training
  const preset = { ...videoMaePresets.plant, maskRatio }
  const trainer = videoMaeTrainer({ spec, preset, batch, stepsPerCall, steps, seed })
  await using run = await openTraining({
    provider: 'cpu',
    threads: availableParallelism(),
    model: trainer.model(),
    from: { step: 0, state: trainer.initialState(initialParameters(spec, seed)) },
    limitBytes: 2 ** 32,
    signal,
  })
  const start = random(seed, 'starts of clips')
  const losses: number[] = []
  for (let firstStep = 0; firstStep < steps; firstStep += stepsPerCall) {
    const frames = cutClips(film, spec, { count: stepsPerCall * batch, start })
    const progress = await run.advance(trainer.inputs({ firstStep, frames }))
    losses.push(...(progress.losses.loss!.data as Float32Array))
  }
  const tenth = Math.ceil(losses.length / 10)
  const average = (some: readonly number[]) => some.reduce((a, b) => a + b) / some.length
  return {
    parameters: trainer.encoderOf((await run.checkpoint()).state as NamedTensors),
    firstLoss: average(losses.slice(0, tenth)),
    lastLoss: average(losses.slice(-tenth)),
  }
}
