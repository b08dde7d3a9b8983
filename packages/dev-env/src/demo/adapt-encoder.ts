import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from './api-client.ts'
import { demoError } from './errors.ts'

/** What an adaptation of the demo came to. */
export interface DemoAdaptation {
  readonly encoder: string
  readonly parent: string
  readonly steps: number
  readonly firstLoss: number
  readonly lastLoss: number
  /** Time of training. */
  readonly seconds: number
}

interface Adaptation {
  readonly id: string
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'stopped'
  readonly parentId: string
  readonly step: number
  readonly steps: number | null
  readonly trainedSeconds: number
  readonly losses: readonly { readonly step: number; readonly loss: number }[]
  readonly error: string | null
  readonly encoderId: string | null
}

/** Between two lines that say how far training is, ms. */
const sayEveryMs = 15_000

/** Beside the budget: starting, reading the first clips, storing what was learnt, ms. */
const graceMs = 300_000

/** Trains the stations' encoder on all their own video for so many minutes; throws `adaptation-failed`. */
export async function adaptEncoder(
  api: ApiClient,
  minutes: number,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<DemoAdaptation> {
  let adaptation = await api.post<Adaptation>('/v1/adaptations', { minutes })
  const deadline = Date.now() + minutes * 60_000 + graceMs
  let saidMs = 0
  while (adaptation.state === 'queued' || adaptation.state === 'running') {
    if (Date.now() > deadline) throw demoError('adaptation-failed', { reason: 'it took too long' })
    const last = adaptation.losses.at(-1)
    if (last && Date.now() - saidMs > sayEveryMs) {
      say(`  step ${last.step} of about ${adaptation.steps}: loss ${last.loss.toFixed(3)}`)
      saidMs = Date.now()
    }
    await sleep(500, undefined, { signal })
    adaptation = await api.get<Adaptation>(`/v1/adaptations/${adaptation.id}`)
  }
  const { state, encoderId, parentId, step, losses, trainedSeconds, error } = adaptation
  const [first, last] = [losses[0], losses.at(-1)]
  if (state !== 'done' || !encoderId || !first || !last)
    throw demoError('adaptation-failed', { reason: error ?? `it is ${state}` })
  return {
    encoder: encoderId,
    parent: parentId,
    steps: step,
    firstLoss: first.loss,
    lastLoss: last.loss,
    seconds: Math.round(trainedSeconds),
  }
}
