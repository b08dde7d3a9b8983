import { parseActivityNet, printActivityNet } from './activitynet.ts'
import { parseElan } from './elan.ts'
import { parseLabelCsv, printLabelCsv } from './label-csv.ts'
import { type LabelFormat, labelFault } from './label-place.ts'
import { parseLabelStudio, printLabelStudio } from './label-studio.ts'
import type { LabelledVideo } from './labelled-video.ts'
import { printElan } from './print-elan.ts'

/** Reads and writes one format; what only one format needs is passed to all. Throws the interchange's faults. */
type LabelFormatRow = {
  /** `frameRateHz` is for Label Studio's `timelinelabels`. */
  readonly parse: (text: string, frameRateHz?: number) => readonly LabelledVideo[]
  /** `writtenAt` is for ELAN's DATE. */
  readonly print: (videos: readonly LabelledVideo[], writtenAt: Date) => string
}

export const labelFormats: Readonly<Record<LabelFormat, LabelFormatRow>> = {
  csv: { parse: parseLabelCsv, print: printLabelCsv },
  'label-studio': { parse: parseLabelStudio, print: printLabelStudio },
  elan: { parse: text => [parseElan(text)], print: (videos, writtenAt) => printElan(onlyVideo(videos), writtenAt) },
  activitynet: { parse: parseActivityNet, print: printActivityNet },
}

function onlyVideo(videos: readonly LabelledVideo[]): LabelledVideo {
  const [video] = videos
  if (video !== undefined && videos.length === 1) return video
  const problem = 'an EAF is of one video'
  throw labelFault('labels_unprintable', { format: 'elan', at: 'videos' }, { value: videos.length, problem })
}
