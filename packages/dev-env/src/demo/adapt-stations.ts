import { adaptEncoder, type DemoAdaptation } from './adapt-encoder.ts'
import type { ApiClient } from './api-client.ts'
import { releaseHeads } from './fit-heads.ts'
import type { PlantStation } from './set-up-stations.ts'
import { switchedTo } from './switch-stations.ts'

/**
 * Trains the encoder on the stations' own video, refits their heads on what came of it, and switches them to it, all
 * while they are timed. Throws `adaptation-failed`, `fit-failed`, `stations-behind`.
 */
export async function adaptStations(
  api: ApiClient,
  stations: readonly PlantStation[],
  {
    minutes,
    say,
    signal,
  }: { readonly minutes: number; readonly say: (line: string) => void; readonly signal: AbortSignal },
): Promise<DemoAdaptation> {
  say(`training the encoder for ${minutes} min on what the cameras saw, without labels, while the stations are timed:`)
  say('  VideoMAE hides 90 % of each clip and learns to paint what is hidden')
  const adaptation = await adaptEncoder(api, minutes, { say, signal })
  const { encoder, firstLoss, lastLoss, steps, seconds } = adaptation
  say(`  ${steps} steps in ${seconds} s: loss ${firstLoss.toFixed(3)} → ${lastLoss.toFixed(3)}`)
  say('embedding the labelled and the recent video under the new encoder, and fitting a head for each station on it')
  const releases = await releaseHeads(api, stations, { encoder, withinMs: 600_000, signal })
  say('switching each station at its next cycle')
  await switchedTo(api, stations, releases, { withinMs: 300_000, signal })
  return adaptation
}
