import type { Cameras } from '../cameras.ts'
import type { ApiClient } from './api-client.ts'
import { type ComparedStep, compareStation, type Timing } from './compare.ts'
import type { PlantStation } from './set-up-stations.ts'

/** What a run of the demo came to; the last line of `--json` is this. */
export interface DemoSummary {
  readonly timings: readonly object[]
  readonly truth: readonly object[]
  /** Of step durations, over matched and uncensored steps. */
  readonly meanAbsoluteErrorSeconds: number | null
  readonly missedSteps: number
  readonly extraSteps: number
  /** Links of coverage that say `lost`, over all cameras, since their first segment. */
  readonly lostSegments: number
  /** Timings of one station that overlap one another: an occurrence published twice. */
  readonly duplicatedIntervals: number
  /** From a step's end in front of the camera to its final interval. */
  readonly lagSecondsP95: number | null
}

interface Change {
  readonly entity: string
  readonly kind: string
  readonly recordedAt: string
  readonly body: { readonly endTime: string }
}

/** Compares what the plant recorded within `[fromMs, toMs)` with the truth. */
export async function summarise(
  api: ApiClient,
  cameras: Cameras,
  stations: readonly PlantStation[],
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly rows: readonly ComparedStep[]; readonly summary: DemoSummary }> {
  const perStation = await Promise.all(stations.map(station => compareStation(api, cameras, station, range)))
  const rows = perStation.flat()
  const timed = rows.flatMap(({ station, timing }) => (timing ? [{ station, ...timing }] : []))
  const errors = rows.flatMap(durationError)
  const lags = await recordingLags(api, range)
  return {
    rows,
    summary: {
      timings: timed,
      truth: rows.flatMap(({ station, truth }) => (truth ? [{ station, ...truth }] : [])),
      meanAbsoluteErrorSeconds:
        errors.length > 0 ? round(errors.reduce((a, b) => a + Math.abs(b)) / errors.length) : null,
      missedSteps: rows.filter(row => !row.timing).length,
      extraSteps: rows.filter(row => !row.truth).length,
      lostSegments: await lostLinks(api, stations, range),
      duplicatedIntervals: perStation.reduce((sum, own) => sum + overlapping(own), 0),
      lagSecondsP95: lags.length > 0 ? round(lags[Math.ceil(lags.length * 0.95) - 1]!) : null,
    },
  }
}

/** Timed minus true duration, s; none where either is missing. */
export const durationError = ({ truth, timing }: ComparedStep): number[] =>
  truth && timing && timing.durationMs !== null ? [(timing.durationMs - (truth.endMs - truth.startMs)) / 1000] : []

/** Of the steps that ended within the range, so of those that were timed while they happened. */
async function recordingLags(
  api: ApiClient,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number[]> {
  const lags: number[] = []
  let after = ''
  for (;;) {
    const page = await api.get<{ items: Change[]; next: string; more: boolean }>(
      `/v1/changes?limit=1000${after && `&after=${encodeURIComponent(after)}`}`,
    )
    for (const { entity, kind, recordedAt, body } of page.items) {
      if (entity !== 'interval' || kind !== 'final') continue
      const endMs = Date.parse(body.endTime)
      if (endMs >= fromMs && endMs < toMs) lags.push((Date.parse(recordedAt) - endMs) / 1000)
    }
    if (!page.more) return lags.sort((a, b) => a - b)
    after = page.next
  }
}

async function lostLinks(
  api: ApiClient,
  stations: readonly PlantStation[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  let lost = 0
  for (const camera of stations.flatMap(station => station.cameraIds)) {
    const { links } = await api.get<{ links: { state: string }[] }>(
      `/v1/cameras/${camera}/coverage?from=${new Date(fromMs).toISOString()}&to=${new Date(toMs).toISOString()}`,
    )
    lost += links.filter(link => link.state === 'lost').length
  }
  return lost
}

function overlapping(rows: readonly ComparedStep[]): number {
  const timings = rows.flatMap(({ timing }) => (timing ? [timing] : []))
  const ordered = timings.sort((a: Timing, b: Timing) => Date.parse(a.startTime) - Date.parse(b.startTime))
  return ordered.filter((timing, i) => i > 0 && Date.parse(timing.startTime) < Date.parse(ordered[i - 1]!.endTime))
    .length
}

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000
