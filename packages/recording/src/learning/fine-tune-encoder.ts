import type { EncoderSpec } from '@takt/nn'
import type { NamedTensors } from '@takt/onnx'
import { openRuntime, openTraining } from '@takt/runtime'
import { type FineTuner, fineTuner, type LabelledClips, stepsAlone } from '@takt/ssl'
import type { LabelSpan } from '@takt/steps'
import { recordingError } from '../errors.ts'
import type { TimeRange } from '../time-range.ts'
import { BATCH, FRAME_BYTES, LIMIT_BYTES } from './bounds.ts'
import { holdFrames } from './held-frames.ts'
import { clipsOfLabels } from './labelled-clips.ts'
import { plannedSteps } from './planned-steps.ts'

export interface FineTuneRequest {
  readonly video: string
  readonly spans: readonly LabelSpan[]
  /** What is learnt from; nothing outside is looked at. */
  readonly train: readonly TimeRange[]
  /** Last blocks of the encoder that learn. */
  readonly blocks: number
  /** Longest time, reading the recording included. */
  readonly budgetMs: number
  readonly encoder: { readonly spec: EncoderSpec; readonly parameters: NamedTensors }
  readonly seed: number
  readonly threads: number
  readonly signal: AbortSignal
  readonly onProgress: (progress: FineTuneProgress) => void
}

export interface FineTuneProgress {
  readonly step: number
  /** At most. */
  readonly steps: number
  readonly loss: number
  /** Of labels that are not learnt from. */
  readonly heldOutLoss: number
}

export interface FineTuned {
  readonly parameters: NamedTensors
  /** What was kept: the best by `heldOutLoss`; where no block has gained it is the encoder as it was. */
  readonly kept: FineTuneProgress
  /** Of a classifier on the encoder as it was. */
  readonly heldOutLossBefore: number
}

/** As MAE's fine-tuning of a ViT-B, epochs: He et al., 2022, table 9. */
const MOST_PASSES = 100

/** How often labels that are held out are looked at, and how many looks without a gain are borne. */
const LOOKS = 20
const PATIENCE = 5

/**
 * The last blocks of an encoder trained on a recording's training ranges, as they do best on a fifth of the labels that is
 * held out. How many steps there are is measured, so that two runs differ; seed and step decide what each of them sees.
 * Throws `budget-too-short`, `too_few_labels`, and what reading labels, decoding and training throw.
 */
export async function fineTuneEncoder(request: FineTuneRequest): Promise<FineTuned> {
  const { video, spans, train, blocks, budgetMs, encoder, seed, threads, signal, onProgress } = request
  const { spec } = encoder
  const startedMs = performance.now()
  const leftMs = () => budgetMs - (performance.now() - startedMs)
  const wanted = { video, size: spec.inputSize, frames: spec.frames, within: train }
  const held = await holdFrames({ ...wanted, limitBytes: FRAME_BYTES, seed, signal })
  const clips = clipsOfLabels({ held, spans, train, spec, seed })
  const tunerFor = (steps: number) => fineTuner({ spec, blocks, classes: clips.classes, batch: BATCH, steps, seed })
  const first = tunerFor(1)
  const from = { step: 0, state: first.initialState(encoder.parameters) }
  const placed = { provider: 'cpu', threads, signal } as const
  await using run = await openTraining({ ...placed, model: first.model(), from, limitBytes: LIMIT_BYTES })
  await using judge = await openJudge(first, clips.heldOut, placed)

  const inputs = first.inputs({ firstStep: 0, ...clips.learnt(0) })
  const affordable = await plannedSteps(run, { from, inputs, leftMs })
  const steps = Math.min(affordable, Math.ceil((MOST_PASSES * clips.size) / BATCH))
  const tuner = tunerFor(steps)
  const alone = stepsAlone(steps)
  const every = Math.ceil((steps - alone) / LOOKS)
  const looks: FineTuneProgress[] = []
  let best: { readonly at: FineTuneProgress; readonly state: NamedTensors } | undefined
  for (let step = 0; step < steps && leftMs() > 0; step++) {
    const { losses } = await run.advance(tuner.inputs({ firstStep: step, ...clips.learnt(step) }))
    const made = step + 1
    if (made < alone || ((made - alone) % every !== 0 && made < steps)) continue
    const { state } = await run.checkpoint()
    const at = { step: made, steps, loss: Number(losses.loss!.data[0]), heldOutLoss: await judge.loss(state) }
    looks.push(at)
    onProgress(at)
    if (!best || at.heldOutLoss < best.at.heldOutLoss) best = { at, state }
    else if (looks.length - looks.indexOf(best.at) > PATIENCE) break
  }
  if (!best) throw recordingError('budget-too-short', { budgetMs })
  return { parameters: tuner.encoderOf(best.state), kept: best.at, heldOutLossBefore: looks[0]!.heldOutLoss }
}

interface Placed {
  readonly provider: 'cpu'
  readonly threads: number
  readonly signal: AbortSignal
}

/** The mean loss of batches of clips at a state. */
async function openJudge(tuner: FineTuner, batches: readonly LabelledClips[], placed: Placed) {
  const runtime = await openRuntime(placed)
  const session = await runtime.load(tuner.judge())
  const sum = (numbers: Float32Array) => numbers.reduce((total, number) => total + number, 0)
  const weights = batches.map(({ targets }) => sum(targets))
  return {
    loss: async (state: NamedTensors) => {
      let total = 0
      for (const [i, batch] of batches.entries()) {
        const { loss } = await runtime.run(session, tuner.judged(state, batch))
        total += Number(loss!.data[0]) * weights[i]!
      }
      return total / weights.reduce((a, b) => a + b)
    },
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  }
}
