import { readFile, writeFile } from 'node:fs/promises'
import { command } from '../command.ts'
import { cliError } from '../errors.ts'

const usage = 'labels import FILE.csv | labels export FILE.csv [--source NAME] [--json]'

export const labels = command({
  usage,
  about: 'Labels as CSV, source,start,end,label: into the plant, or out of it.',
  options: { source: { type: 'string' } },
  run: async ({ api: open, words: [verb, file], options }) => {
    if (!file || !(verb === 'import' || verb === 'export')) throw cliError('usage', { usage })
    const api = open()
    if (verb === 'import') {
      const answer: { added: number; unchanged: number; labels: number } = JSON.parse(
        await api.text('/v1/labels/import', { accept: 'application/json', csv: await readFile(file, 'utf8') }),
      )
      const { added, unchanged, labels } = answer
      return { answer, lines: [`${labels} labels in ${added} new and ${unchanged} known ranges`] }
    }
    const source = options.source ? `&source=${encodeURIComponent(options.source)}` : ''
    const csv = await api.text(`/v1/labels?limit=2000${source}`, { accept: 'text/csv' })
    await writeFile(file, csv)
    const rows = csv.trimEnd().split('\n').length - 1
    return { answer: { file, rows }, lines: [`${rows} rows in ${file}`] }
  },
})
