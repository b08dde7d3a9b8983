import { type LabelFormat, type LabelSpan, labelFormats, spansOfTier } from '@takt/steps'
import { cliError } from '../errors.ts'
import { readText } from '../steps/read-input.ts'

const formatOfExtension: Readonly<Record<string, LabelFormat>> = {
  '.csv': 'csv',
  '.json': 'label-studio',
  '.eaf': 'elan',
}

/** The labels of a file of the task tier, by the extension's format. Throws `option-invalid`, `file-unreadable`, and what reading labels throws. */
export async function readLabelSpans(file: string): Promise<readonly LabelSpan[]> {
  const extension = /\.[a-z]+$/i.exec(file)?.[0].toLowerCase() ?? ''
  const format = formatOfExtension[extension]
  if (!format) {
    throw cliError('option-invalid', {
      option: 'labels',
      value: file,
      wanted: Object.keys(formatOfExtension).join(', '),
    })
  }
  const videos = labelFormats[format].parse(await readText(file))
  return videos.flatMap(video => spansOfTier(video))
}
