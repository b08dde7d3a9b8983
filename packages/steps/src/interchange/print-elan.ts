import { checkVideos } from './check-spans.ts'
import { labelFault } from './label-place.ts'
import { type LabelledVideo, type LabelSpan, TASK_TIER } from './labelled-video.ts'

const format = 'elan'

/**
 * Writes an EAF 3.0 that ELAN opens and `parseElan` reads, a root tier a tier; `writtenAt` becomes its DATE. Times are
 * rounded to ELAN's milliseconds. Throws `labels_unprintable` where a label would be left without a length.
 */
export function printElan(video: LabelledVideo, writtenAt: Date): string {
  const [{ source, spans }] = checkVideos(format, [video]) as readonly [LabelledVideo]
  const annotations = spans.map(alignToMilliseconds)
  const tiers = spans.length === 0 ? [TASK_TIER] : [...new Set(spans.map(({ tier }) => tier))]
  const medium =
    source === null ? [] : [`    <MEDIA_DESCRIPTOR MEDIA_URL="${escapeXml(source)}" MIME_TYPE="video/mp4"/>`]
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<ANNOTATION_DOCUMENT AUTHOR="" DATE="${writtenAt.toISOString()}" FORMAT="3.0" VERSION="3.0" ` +
      'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
      'xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">',
    '  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
    ...medium,
    '  </HEADER>',
    '  <TIME_ORDER>',
    ...slotsInOrder(annotations).map(({ id, ms }) => `    <TIME_SLOT TIME_SLOT_ID="${id}" TIME_VALUE="${ms}"/>`),
    '  </TIME_ORDER>',
    ...tiers.flatMap(tier => [
      `  <TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="${escapeXml(tier)}">`,
      ...annotations.filter(one => one.tier === tier).flatMap(annotationLines),
      '  </TIER>',
    ]),
    '  <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>',
    '</ANNOTATION_DOCUMENT>',
  ].join('\n')}\n`
}

type Aligned = LabelSpan & { readonly number: number; readonly startMs: number; readonly endMs: number }

function alignToMilliseconds(span: LabelSpan, i: number): Aligned {
  const startMs = Math.round(span.startSeconds * 1000)
  const endMs = Math.round(span.endSeconds * 1000)
  if (startMs < endMs) return { ...span, number: i + 1, startMs, endMs }
  const value = [span.startSeconds, span.endSeconds]
  const problem = 'shorter than a millisecond'
  throw labelFault('labels_unprintable', { format, at: `spans[${i}]` }, { value, problem })
}

/** Each annotation has two slots of its own, so that moving one in ELAN moves no other; TIME_ORDER is by time. */
const slotsInOrder = (annotations: readonly Aligned[]): readonly { readonly id: string; readonly ms: number }[] =>
  annotations
    .flatMap(({ number, startMs, endMs }) => [
      { id: `ts${2 * number - 1}`, ms: startMs },
      { id: `ts${2 * number}`, ms: endMs },
    ])
    .sort((a, b) => a.ms - b.ms)

const annotationLines = ({ number, label }: Aligned): readonly string[] => [
  '    <ANNOTATION>',
  `      <ALIGNABLE_ANNOTATION ANNOTATION_ID="a${number}" TIME_SLOT_REF1="ts${2 * number - 1}" TIME_SLOT_REF2="ts${2 * number}">`,
  `        <ANNOTATION_VALUE>${escapeXml(label)}</ANNOTATION_VALUE>`,
  '      </ALIGNABLE_ANNOTATION>',
  '    </ANNOTATION>',
]

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, character => ENTITIES[character]!)
