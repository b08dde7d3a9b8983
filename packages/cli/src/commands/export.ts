import { open } from 'node:fs/promises'
import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { findStation } from '../find-station.ts'

const usage = 'export STATION FILE.csv [--from INSTANT] [--to INSTANT] [--cycles] [--json]'
const rowsAPage = '5000'

/** Writes page after page, so that a year of timings needs the memory of one page. */
export const exportTimings = command({
  usage,
  about: 'Writes the step times of a station, or its cycles, to a new CSV file.',
  options: { from: { type: 'string' }, to: { type: 'string' }, cycles: { type: 'boolean', default: false } },
  run: async ({ api: openApi, words: [name, file], options: { from, to, cycles }, say }) => {
    if (!name || !file) throw cliError('usage', { usage })
    const api = openApi()
    const station = await findStation(api, name, usage)
    const query = new URLSearchParams({
      station: station.id,
      limit: rowsAPage,
      ...(from && { from }),
      ...(to && { to }),
    })
    await using out = await open(file, 'wx').catch((cause: Error) => {
      throw cliError('file-not-written', { file, reason: cause.message }, { cause })
    })
    let rows = 0
    let first = true
    for await (const page of api.csvPages(`/v1/${cycles ? 'cycles' : 'timings'}?${query}`)) {
      const [heading = '', ...lines] = page.trimEnd().split('\n')
      await out.appendFile(`${(first ? [heading, ...lines] : lines).map(line => `${line}\n`).join('')}`)
      first = false
      rows += lines.length
      say(`${rows} rows`)
    }
    return { answer: { station: station.name, file, rows }, lines: [`${rows} rows of ${station.name} in ${file}`] }
  },
})
