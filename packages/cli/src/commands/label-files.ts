import { type LabelFormat, type LabelledVideo, labelFormats, spansOfTier, TASK_TIER } from '@takt/steps'
import type { Api } from '../api.ts'
import { cliError } from '../errors.ts'

const names = Object.keys(labelFormats) as readonly LabelFormat[]

/** Throws `option-invalid`. */
export function parseFormat(text: string): LabelFormat {
  const format = names.find(name => name === text)
  if (format) return format
  throw cliError('option-invalid', { option: 'format', value: text, wanted: names.join(', ') })
}

/** What the file itself leaves open. */
export interface LabelFileOptions {
  readonly format: LabelFormat
  readonly tier: string | undefined
  /** Names the video of a file with one, whatever the file calls it. */
  readonly source: string | undefined
  readonly frameRateHz: number | undefined
}

/** A label file as the plant's CSV, `source,start,end,label`, to the plant's millisecond. Throws `source-missing`. */
export function toPlantCsv(text: string, { format, tier, source, frameRateHz }: LabelFileOptions): string {
  const videos = labelFormats[format].parse(text, frameRateHz).filter(({ spans }) => spans.length > 0)
  const named = videos.map(video => {
    const name = (videos.length === 1 ? source : undefined) ?? video.source
    if (name === null) throw cliError('source-missing', { format })
    return {
      source: name,
      spans: spansOfTier(video, tier).map(span => ({ ...span, ...inMilliseconds(span), tier: TASK_TIER })),
    }
  })
  return labelFormats.csv.print(named, new Date())
}

const inMilliseconds = ({
  startSeconds,
  endSeconds,
}: {
  readonly startSeconds: number
  readonly endSeconds: number
}) => ({
  startSeconds: Math.round(startSeconds * 1000) / 1000,
  endSeconds: Math.round(endSeconds * 1000) / 1000,
})

interface LabelRange {
  readonly source: string
  readonly sourceKind: string
  readonly labels: readonly { readonly step: string; readonly start: string | number; readonly end: string | number }[]
}

/** The plant's labels of files, every page. Throws `source-not-a-file` for labels whose times are dates. */
export async function labelledFiles(api: Api, source: string | undefined): Promise<readonly LabelledVideo[]> {
  const ranges: LabelRange[] = []
  let cursor: string | null = null
  do {
    const query = new URLSearchParams({ limit: '2000' })
    for (const [key, value] of Object.entries({ source, cursor })) if (value) query.set(key, value)
    const page: { items: LabelRange[]; next: string | null } = await api.json(`/v1/labels?${query}`)
    ranges.push(...page.items)
    cursor = page.next
  } while (cursor)
  const dated = ranges.find(({ sourceKind }) => sourceKind !== 'file')
  if (dated) throw cliError('source-not-a-file', { source: dated.source })
  return [...Map.groupBy(ranges, range => range.source)].map(([name, own]) => ({
    source: name,
    spans: own.flatMap(({ labels }) =>
      labels.map(({ step, start, end }) => ({
        label: step,
        startSeconds: Number(start),
        endSeconds: Number(end),
        tier: TASK_TIER,
      })),
    ),
  }))
}
