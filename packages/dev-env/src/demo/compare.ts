import { matchIntervals } from '@takt/steps'
import type { Cameras } from '../cameras.ts'
import type { ApiClient } from './api-client.ts'
import type { PlantStation } from './set-up-stations.ts'
import { type TrueStepUtc, trueSteps } from './true-steps.ts'

/** A timing as REST gives it. */
export interface Timing {
  readonly id: string
  readonly step: string
  readonly runId: string
  readonly ordinal: number
  readonly startTime: string
  readonly endTime: string
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly censored: string
}

/** A row of the table: what was timed, what was true, or both. */
export interface ComparedStep {
  readonly station: string
  readonly truth: TrueStepUtc | null
  readonly timing: Timing | null
}

/** The timings of `[fromMs, toMs)` beside the truth. Steps at its edges that only one side has wholly inside are left out. */
export async function compareStation(
  api: ApiClient,
  cameras: Cameras,
  station: PlantStation,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly ComparedStep[]> {
  const view = station.views[0]!
  const range = `from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`
  const timings = await api.list<Timing>(`/v1/timings?station=${station.id}&${range}`)
  const truth = trueSteps(view.video, cameras.epochUtcMs(view.camera), fromMs, toMs)
  const around = trueSteps(view.video, cameras.epochUtcMs(view.camera), fromMs - edgeMs, toMs + edgeMs)
  const { matched, missed, extra } = matchIntervals(around.map(truthSpan), timings.map(timingSpan))
  const inside = new Set(truth.map(step => step.startMs))
  const wholly = (timing: Timing) => Date.parse(timing.startTime) >= fromMs && Date.parse(timing.endTime) <= toMs
  const rows: ComparedStep[] = [
    ...matched.map(pair => ({ truth: pair.truth.of, timing: pair.predicted.of })),
    ...missed.map(span => ({ truth: span.of, timing: null })),
    ...extra.map(span => ({ truth: null, timing: span.of })),
  ]
    .filter(({ truth, timing }) => (truth ? inside.has(truth.startMs) : wholly(timing!)))
    .map(row => ({ station: station.name, ...row }))
  return rows.sort((a, b) => startOf(a) - startOf(b))
}

/** Steps this close outside of the range may be what a timing at its edge belongs to, ms. */
const edgeMs = 15_000

const truthSpan = (of: TrueStepUtc) => ({ of, step: of.step, start: of.startMs / 1000, end: of.endMs / 1000 })

const timingSpan = (of: Timing) => ({
  of,
  step: of.step,
  start: Date.parse(of.startTime) / 1000,
  end: Date.parse(of.endTime) / 1000,
})

const startOf = ({ truth, timing }: ComparedStep): number => truth?.startMs ?? Date.parse(timing!.startTime)
