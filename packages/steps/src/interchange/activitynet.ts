import { checkSource, checkSpan, checkVideos, orderSpans, type PlacedSpan } from './check-spans.ts'
import { asArray, asNumber, asObject, asString, parseJson, property } from './json-document.ts'
import { inside, type LabelPlace, labelFault } from './label-place.ts'
import { type LabelledVideo, TASK_TIER } from './labelled-video.ts'

const format = 'activitynet'

/**
 * Reads ActivityNet's ground truth (Caba Heilbron et al. 2015): `database` → video → `annotations` of `segment`
 * `[start, end]` in seconds and `label`. It has no tiers: all labels are tasks, and overlapping ones are refused.
 * `version` names a release of the data, not of the layout, and is not read. Throws the interchange's faults with the path.
 */
export function parseActivityNet(text: string): readonly LabelledVideo[] {
  const root = asObject({ format, at: 'the document' }, parseJson(format, text))
  if (property(root, 'database') === undefined) {
    const problem = Object.hasOwn(root, 'results') ? 'predictions (`results`), not labels' : 'no `database`'
    throw labelFault('labels_unsupported', { format, at: 'the document' }, { problem })
  }
  const database = { format, at: 'database' } as const
  return Object.entries(asObject(database, root.database)).map(([name, value]) => {
    const place = inside(database, name)
    const annotations = asArray(inside(place, 'annotations'), property(asObject(place, value), 'annotations'))
    const placed = annotations.map((annotation, i) =>
      readAnnotation(inside(inside(place, 'annotations'), i), annotation),
    )
    return { source: checkSource(place, name), spans: orderSpans(placed) }
  })
}

function readAnnotation(place: LabelPlace, value: unknown): PlacedSpan {
  const annotation = asObject(place, value)
  const segmentPlace = inside(place, 'segment')
  const segment = asArray(segmentPlace, property(annotation, 'segment'))
  if (segment.length !== 2) {
    throw labelFault('labels_unreadable', segmentPlace, { value: segment, problem: 'not a start and an end' })
  }
  return checkSpan(place, {
    startSeconds: asNumber(inside(segmentPlace, 0), segment[0]),
    endSeconds: asNumber(inside(segmentPlace, 1), segment[1]),
    label: asString(inside(place, 'label'), property(annotation, 'label')),
    tier: TASK_TIER,
  })
}

/**
 * Writes what `parseActivityNet` and the official evaluation read; every video is of the subset `training`. The name of
 * the one tier is not kept. Throws `labels_unprintable` where a video has two tiers or no source.
 */
export function printActivityNet(videos: readonly LabelledVideo[]): string {
  const database = checkVideos(format, videos).map(({ source, spans }, video) => {
    const place = { format, at: `videos[${video}]` } as const
    if (source === null) throw labelFault('labels_unprintable', place, { problem: 'a video without a source' })
    const tiers = new Set(spans.map(({ tier }) => tier))
    if (tiers.size > 1) {
      throw labelFault('labels_unprintable', place, { value: [...tiers], problem: 'there is room for one tier' })
    }
    const annotations = spans.map(({ startSeconds, endSeconds, label }) => ({
      segment: [startSeconds, endSeconds],
      label,
    }))
    return [source, { subset: 'training', annotations }]
  })
  const taxonomy: never[] = []
  return `${JSON.stringify({ version: 'VERSION 1.3', taxonomy, database: Object.fromEntries(database) }, null, 2)}\n`
}
