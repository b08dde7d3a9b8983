import { readFile, writeFile } from 'node:fs/promises'
import { labelFormats } from '@takt/steps'
import type { Api } from '../api.ts'
import { command } from '../command.ts'
import { cliError } from '../errors.ts'
import { labelledFiles, parseFormat, toPlantCsv } from './label-files.ts'

const usage = [
  'labels import FILE.csv',
  'labels import FILE --format NAME [--source NAME] [--tier NAME] [--frame-rate HZ]',
  'labels export FILE [--format NAME] [--source NAME] [--json]',
].join(' | ')

export const labels = command({
  usage,
  about:
    "Labels into the plant, or out of it: as its own CSV, source,start,end,label, or as --format csv, label-studio, elan or activitynet, which hold labels of video files and not the ranges that were looked through. --source names a file's video.",
  options: {
    source: { type: 'string' },
    format: { type: 'string' },
    tier: { type: 'string' },
    'frame-rate': { type: 'string' },
  },
  run: async ({ api: open, words: [verb, file], options }) => {
    if (!file || !(verb === 'import' || verb === 'export')) throw cliError('usage', { usage })
    const { source, tier } = options
    const format = options.format === undefined ? undefined : parseFormat(options.format)
    const api = open()
    if (verb === 'import') {
      const text = await readFile(file, 'utf8')
      const frameRateHz = options['frame-rate'] === undefined ? undefined : Number(options['frame-rate'])
      return importCsv(api, format ? toPlantCsv(text, { format, tier, source, frameRateHz }) : text)
    }
    if (format) {
      const videos = await labelledFiles(api, source)
      await writeFile(file, labelFormats[format].print(videos, new Date()))
      return { answer: { file, videos: videos.length }, lines: [`the labels of ${videos.length} videos in ${file}`] }
    }
    const query = source ? `&source=${encodeURIComponent(source)}` : ''
    const csv = await api.text(`/v1/labels?limit=2000${query}`, { accept: 'text/csv' })
    await writeFile(file, csv)
    const rows = csv.trimEnd().split('\n').length - 1
    return { answer: { file, rows }, lines: [`${rows} rows in ${file}`] }
  },
})

async function importCsv(api: Api, csv: string) {
  const answer: { added: number; unchanged: number; labels: number } = JSON.parse(
    await api.text('/v1/labels/import', { accept: 'application/json', csv }),
  )
  const { added, unchanged, labels } = answer
  return { answer, lines: [`${labels} labels in ${added} new and ${unchanged} known ranges`] }
}
