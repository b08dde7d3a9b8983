import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeSafetensors } from '@takt/onnx'
import type { Trainer } from '@takt/ssl'
import type { BenchmarkOptions } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import type { StepRound } from './compare.ts'
import type { Call, Contender } from './contender.ts'
import { productForms, productGraph } from './matrix-products.ts'
import { openProducts } from './product-contender.ts'
import { openTakt } from './takt-contender.ts'
import { openTorch } from './torch-contender.ts'
import { clipsOf, trainerOf, type Workload } from './workload.ts'

interface RoundOptions extends BenchmarkOptions {
  readonly stepsPerCall: number
  readonly rounds: number
  readonly threads: number
}

type Name = keyof StepRound

/** Contenders take turns at the same calls, and the order moves on from round to round; the first round warms up. */
export async function runRounds(workload: Workload, options: RoundOptions) {
  const { stepsPerCall, threads, signal, stateDir, python, say } = options
  const { trainer, state } = trainerOf(workload, { stepsPerCall })
  const forms = productForms(trainer.graph())

  await using stack = new AsyncDisposableStack()
  const contenders = new Map<Name, Contender>()
  const enter = (name: Name, contender: Contender) => contenders.set(name, stack.use(contender))
  enter('takt', await openTakt(trainer.model(), state, { threads, signal }))
  enter('products', await openProducts(productGraph(forms, stepsPerCall), { threads, signal }))
  if (python) {
    const common = { python, stateDir, threads, signal }
    enter('torchEager', await openTorch(workload, state, { ...common, compiled: false }))
    enter('torchCompile', await openTorch(workload, state, { ...common, compiled: true }))
  }

  const frames = clipsOf(workload, trainer)
  const rounds: StepRound[] = []
  const cpuRounds: StepRound[] = []
  const losses = new Map<Name, number[]>([...contenders.keys()].map(name => [name, []]))
  for (let round = 0; round <= options.rounds; round++) {
    const call = await callOf(trainer, {
      firstStep: round * stepsPerCall,
      frames,
      file: join(stateDir, 'call.safetensors'),
    })
    const found: Partial<Record<Name, number>> = {}
    const foundCpu: Partial<Record<Name, number>> = {}
    for (const name of rotated([...contenders.keys()], round)) {
      const timed = await contenders.get(name)!.advance(call)
      found[name] = timed.seconds / stepsPerCall
      foundCpu[name] = timed.cpuSeconds / stepsPerCall
      losses.get(name)!.push(...timed.losses)
    }
    if (round > 0) {
      rounds.push(found as StepRound)
      cpuRounds.push(foundCpu as StepRound)
    }
    say(
      `round ${round}: ${Object.entries(found)
        .map(([name, seconds]) => `${name} ${significant(seconds)} s`)
        .join(', ')}`,
    )
  }
  const peaks: Record<string, number> = {}
  for (const [name, contender] of contenders) {
    if (name !== 'products') peaks[name] = Math.round(await contender.peakMegabytes())
  }
  return {
    rounds,
    cpuRounds,
    losses: Object.fromEntries(losses) as Record<Name, number[]>,
    peaks: peaks as Record<'takt' | 'torchEager' | 'torchCompile', number>,
    gigaflops: forms.reduce((sum, { count, flops }) => sum + count * flops, 0) / 1e9,
  }
}

async function callOf(
  trainer: Trainer,
  { firstStep, frames, file }: { readonly firstStep: number; readonly frames: Uint8Array; readonly file: string },
): Promise<Call> {
  const inputs = trainer.inputs({ firstStep, frames })
  await writeFile(file, encodeSafetensors({ tensors: inputs, metadata: {} }))
  return { inputs, file }
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const first = by % items.length
  return [...items.slice(first), ...items.slice(0, first)]
}
