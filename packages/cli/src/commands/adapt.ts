import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '../api.ts'
import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { findStation } from '../find-station.ts'

const usage = 'adapt --minutes M [--method METHOD] [--station STATION …] [--encoder ID] [--wait] [--json]'

interface Adaptation {
  readonly id: string
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'stopped'
  readonly step: number
  readonly steps: number | null
  readonly losses: readonly { readonly step: number; readonly loss: number }[]
  readonly trainedSeconds: number
  readonly error: string | null
  readonly encoderId: string | null
}

/** Between two looks at one that is waited for, ms. */
const lookEveryMs = 2_000

export const adapt = command({
  usage,
  about: "Trains an encoder on stations' own video, without labels; every station's where none is named.",
  options: {
    minutes: { type: 'string' },
    method: { type: 'string' },
    station: { type: 'string', multiple: true },
    encoder: { type: 'string' },
    wait: { type: 'boolean', default: false },
  },
  run: async ({ api: open, words, options, say }) => {
    if (options.minutes === undefined || words.length > 0) throw cliError('usage', { usage })
    const minutes = parseMinutes(options.minutes)
    const api = open()
    const stations: string[] = []
    for (const name of options.station ?? []) stations.push((await findStation(api, name, usage)).id)
    const { encoder, method } = options
    const chosen = { ...(encoder !== undefined && { encoder }), ...(method !== undefined && { method }) }
    const asked = await api.json<Adaptation>('/v1/adaptations', { minutes, stations, ...chosen })
    const adaptation = options.wait ? await waitFor(api, asked, say) : asked
    return { answer: adaptation, lines: [describe(adaptation)] }
  },
})

function parseMinutes(text: string): number {
  const minutes = Number(text)
  if (!(text.trim() !== '' && minutes > 0))
    throw cliError('option-invalid', { option: 'minutes', value: text, wanted: 'a number of minutes' })
  return minutes
}

/** Looks until it is over; throws `adaptation-failed` where nothing came of it. */
async function waitFor(api: Api, asked: Adaptation, say: (line: string) => void): Promise<Adaptation> {
  let adaptation = asked
  while (adaptation.state === 'queued' || adaptation.state === 'running') {
    await sleep(lookEveryMs)
    const before = adaptation.step
    adaptation = await api.json<Adaptation>(`/v1/adaptations/${asked.id}`)
    if (adaptation.step > before) say(describe(adaptation))
  }
  if (adaptation.state === 'failed')
    throw cliError('adaptation-failed', { adaptation: asked.id, error: adaptation.error ?? 'no reason is given' })
  return adaptation
}

function describe({ id, state, step, steps, losses, trainedSeconds, encoderId }: Adaptation): string {
  const loss = losses.at(-1)?.loss
  const learnt = loss === undefined ? '' : `, loss ${losses[0]!.loss.toFixed(3)} → ${loss.toFixed(3)}`
  const made = steps === null ? '' : `, ${step} of ${steps} steps in ${trainedSeconds.toFixed(0)} s`
  return `adaptation ${id}: ${state}${made}${learnt}${encoderId === null ? '' : `, encoder ${encoderId}`}`
}
