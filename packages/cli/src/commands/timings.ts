import { command } from '../command.ts'
import { findStation } from '../find-station.ts'

const usage = 'timings STATION [--from INSTANT] [--to INSTANT] [--json]'

interface Timing {
  readonly step: string
  readonly startTime: string
  readonly durationMs: number | null
  readonly durationSdMs: number | null
  readonly censored: string
}

export const timings = command({
  usage,
  about: 'The step times of a station, oldest first.',
  options: { from: { type: 'string' }, to: { type: 'string' } },
  run: async ({ api: open, words: [name], options }) => {
    const api = open()
    const station = await findStation(api, name, usage)
    const items: Timing[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ station: station.id, limit: '10000' })
      for (const [key, value] of Object.entries({ from: options.from, to: options.to, cursor }))
        if (value) query.set(key, value)
      const page: { items: Timing[]; next: string | null } = await api.json(`/v1/timings?${query}`)
      items.push(...page.items)
      cursor = page.next
    } while (cursor)
    return { answer: { station: station.name, timings: items }, lines: items.map(printTiming) }
  },
})

function printTiming({ startTime, step, durationMs, durationSdMs, censored }: Timing): string {
  const duration =
    durationMs === null
      ? `cut off (${censored})`
      : `${(durationMs / 1000).toFixed(2).padStart(8)} s ± ${((durationSdMs ?? 0) / 1000).toFixed(2)}`
  return `${startTime}  ${step.padEnd(24)} ${duration}`
}
