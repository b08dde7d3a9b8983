import type { BenchmarkOptions, Figures } from '../benchmark.ts'
import { significant } from '../measure/round.ts'
import { fastest, type InferRound, runsPerSecond, speedUp } from './compare.ts'
import type { Contender } from './contender.ts'
import { likeness } from './cosines.ts'
import type { Measured } from './encoders.ts'
import { cutClips, decodeFilm } from './film-clips.ts'
import { openPython } from './python-contenders.ts'
import { openTakt } from './takt-contenders.ts'
import { trainedEncoder } from './trained-encoder.ts'

interface Rounds {
  readonly rounds: number
  /** Runs of each contender in a round. */
  readonly runs: number
  /** Held-out clips whose features are compared. */
  readonly compared: number
}

const floatRivals = ['torchEager', 'torchCompile', 'onnxruntime'] as const

/** One encoder, trained, in all its forms, in turns on the same clips. */
export async function measureEncoder(
  measured: Measured,
  options: BenchmarkOptions,
  { rounds, runs, compared }: Rounds,
): Promise<Figures> {
  const { python, signal, say } = options
  const { spec, unit } = measured
  const film = await decodeFilm(spec, signal)
  const { parameters, firstLoss, lastLoss } = await trainedEncoder(measured, film.trained, options)

  await using takt = await openTakt({ spec, parameters }, signal)
  await using rivals = python ? await openPython({ spec, parameters }, { ...options, python }) : noRivals
  const contenders = new Map([...takt.contenders, ...rivals.contenders])
  const heldOut = (count: number) => cutClips(film.heldOut, spec, { count, start: clip => clip / count })
  const features = await embedAll(contenders, heldOut(compared))
  say(`${contenders.size} contenders`)
  const timed = await takeTurns(contenders, { clips: heldOut(runs), rounds, runs, signal })

  const exact = features.get('takt')!
  const like = (name: string) => (features.has(name) ? likeness(exact, features.get(name)!, spec.dim) : null)
  const rival = fastest(timed, floatRivals)
  const over = (name: string, other: string) => (contenders.has(other) ? speedUp(timed, name, other) : null)
  return {
    ratioToBestRival: rival ? speedUp(timed, 'takt', rival) : null,
    bestRival: rival ?? null,
    int8OverFloat32: speedUp(timed, 'taktInt8', 'takt'),
    int8OverBestRival: rival ? speedUp(timed, 'taktInt8', rival) : null,
    int8OverOnnxruntimeInt8: over('taktInt8', 'onnxruntimeInt8'),
    int8: { ...like('taktInt8') },
    onnxruntimeInt8: { ...like('onnxruntimeInt8') },
    [`${unit}sPerCoreSecond`]: runsPerSecond(timed),
    fusionsBuy: {
      attention: speedUp(timed, 'taktAttentionFused', 'taktUnfused'),
      pixels: speedUp(timed, 'taktPixelsFused', 'taktUnfused'),
      both: speedUp(timed, 'takt', 'taktUnfused'),
    },
    largestDifferenceToTorch: largestDifference(exact, features.get('torchEager')),
    training: { ...measured.training, firstLoss: significant(firstLoss), lastLoss: significant(lastLoss) },
    leftOut: rivals.leftOut,
  }
}

const noRivals = { contenders: new Map<string, Contender>(), leftOut: {}, [Symbol.asyncDispose]: async () => {} }

async function embedAll(contenders: ReadonlyMap<string, Contender>, clips: Uint8Array) {
  const features = new Map<string, Float32Array>()
  for (const [name, contender] of contenders) features.set(name, (await contender.embed(clips)).features)
  return features
}

interface Turns {
  readonly clips: Uint8Array
  readonly rounds: number
  readonly runs: number
  readonly signal: AbortSignal
}

/** CPU-seconds a run; the order moves on from round to round. All have run before, and are warm. */
async function takeTurns(contenders: ReadonlyMap<string, Contender>, { clips, rounds, runs, signal }: Turns) {
  const all = [...contenders]
  const found: InferRound[] = []
  for (let round = 0; round < rounds; round++) {
    const first = round % all.length
    const taken: Record<string, number> = {}
    for (const [name, contender] of [...all.slice(first), ...all.slice(0, first)]) {
      signal.throwIfAborted()
      taken[name] = (await contender.embed(clips)).cpuSeconds / runs
    }
    found.push(taken)
  }
  return found
}

function largestDifference(a: Float32Array, b: Float32Array | undefined): number | null {
  return b ? significant(a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i]!)), 0)) : null
}
