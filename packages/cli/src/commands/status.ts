import { command } from '../command.ts'
import { findStation } from '../find-station.ts'

const usage = 'status STATION [--json]'

interface Status {
  readonly completeThrough: string | null
  readonly lagMs: number | null
  readonly openGaps: readonly unknown[]
  readonly openRevisions: number
}

export const status = command({
  usage,
  about: 'Up to when a station is timed, and what is still open.',
  options: {},
  run: async ({ api: open, words: [name] }) => {
    const api = open()
    const station = await findStation(api, name, usage)
    const answer = await api.json<Status>(`/v1/stations/${station.id}/status`)
    const lag = answer.lagMs === null ? 'never' : `${(answer.lagMs / 1000).toFixed(1)} s ago`
    return {
      answer,
      lines: [
        `complete through ${answer.completeThrough ?? 'nothing'} (${lag})`,
        `${answer.openGaps.length} gaps, ${answer.openRevisions} windows to decode anew`,
      ],
    }
  },
})
