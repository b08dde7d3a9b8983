import { checkSource, checkVideos, orderSpans, type PlacedSpan } from './check-spans.ts'
import { asArray, asObject, type JsonObject, parseJson, property } from './json-document.ts'
import { inside, type LabelPlace, labelFault } from './label-place.ts'
import { isTimedRegion, NOT_TIMED, readRegion } from './label-studio-region.ts'
import type { LabelledVideo } from './labelled-video.ts'

const format = 'label-studio'

/** A task's field with the video, in the order of Label Studio's own templates. */
const SOURCE_FIELDS = ['video', 'video_url', 'audio', 'url', 'csv'] as const

/**
 * Reads Label Studio's exports "JSON" and "JSON-MIN" (1.0 or later): a video a task, a tier a control tag
 * (`from_name`), the forms of `readRegion`. Cancelled annotations do not count; of several, the only one marked as
 * ground truth does, else the task is refused. Results without a time (choices, text) are no labels and passed over.
 * `frameRateHz` is what the `<Video>` tag was set to, and is needed for `timelinelabels` only, which are in frames.
 * Throws the interchange's faults with the path.
 */
export function parseLabelStudio(text: string, frameRateHz?: number): readonly LabelledVideo[] {
  const root = { format, at: 'tasks' } as const
  const tasks = asArray(root, parseJson(format, text)).map((value, i) => {
    const place = inside(root, i)
    const task = asObject(place, value)
    const isFull = Object.hasOwn(task, 'annotations') || Object.hasOwn(task, 'data')
    return isFull ? readTask(place, task, frameRateHz) : readMinimalTask(place, task, frameRateHz)
  })
  const seen = new Set<string>()
  for (const [i, { source }] of tasks.entries()) {
    if (source !== null && seen.has(source)) {
      const problem = 'a video annotated in two tasks, or by two people'
      throw labelFault('labels_repeat', inside(root, i), { value: source, problem })
    }
    if (source !== null) seen.add(source)
  }
  return tasks
}

function readTask(place: LabelPlace, task: JsonObject, frameRateHz: number | undefined): LabelledVideo {
  const data = inside(place, 'data')
  const source = readSource(data, asObject(data, property(task, 'data')))
  const annotation = chooseAnnotation(place, task)
  if (annotation === null) return { source, spans: [] }
  const ids = new Set<string>()
  const placed = asArray(annotation.place, annotation.result).flatMap((value, i): readonly PlacedSpan[] => {
    const at = inside(annotation.place, i)
    const result = asObject(at, value)
    const type = property(result, 'type')
    if (typeof type === 'string' && NOT_TIMED.has(type)) return []
    const tier = String(property(result, 'from_name') ?? '')
    refuseRepeatedId(at, ids, `${tier} ${property(result, 'id') ?? i}`)
    return [readRegion(inside(at, 'value'), { type, tier, value: property(result, 'value'), frameRateHz })]
  })
  return { source, spans: orderSpans(placed) }
}

/** One region may carry several control tags' results under its id, but one tag's only once. */
function refuseRepeatedId(place: LabelPlace, ids: Set<string>, id: string): void {
  if (ids.has(id)) throw labelFault('labels_repeat', place, { value: id, problem: 'a control tag and region id twice' })
  ids.add(id)
}

function chooseAnnotation(place: LabelPlace, task: JsonObject): { place: LabelPlace; result: unknown } | null {
  const all = inside(place, 'annotations')
  const kept = asArray(all, property(task, 'annotations') ?? [])
    .map((value, i) => ({ place: inside(all, i), annotation: asObject(inside(all, i), value) }))
    .filter(({ annotation }) => property(annotation, 'was_cancelled') !== true)
  const truths = kept.filter(({ annotation }) => property(annotation, 'ground_truth') === true)
  const chosen = kept.length > 1 && truths.length === 1 ? truths : kept
  if (chosen.length > 1) {
    const value = chosen.map(({ annotation }) => property(annotation, 'id') ?? null)
    throw labelFault('labels_unsupported', all, { value, problem: 'several annotations, and not one ground truth' })
  }
  const [one] = chosen
  return one ? { place: inside(one.place, 'result'), result: property(one.annotation, 'result') } : null
}

function readMinimalTask(place: LabelPlace, task: JsonObject, frameRateHz: number | undefined): LabelledVideo {
  if (Object.hasOwn(task, 'completions')) {
    throw labelFault('labels_unsupported', place, { problem: '`completions`: an export of before Label Studio 1.0' })
  }
  const placed = Object.entries(task).flatMap(([tier, regions]) =>
    Array.isArray(regions)
      ? regions.flatMap((value, i) => {
          const at = inside(inside(place, tier), i)
          return isTimedRegion(value) ? [readRegion(at, { type: undefined, tier, value, frameRateHz })] : []
        })
      : [],
  )
  return { source: readSource(place, task), spans: orderSpans(placed) }
}

function readSource(place: LabelPlace, data: JsonObject): string | null {
  const field = SOURCE_FIELDS.find(name => typeof property(data, name) === 'string')
  return field === undefined ? null : checkSource(inside(place, field), data[field] as string)
}

/**
 * Writes tasks that Label Studio imports with their annotations, for its template "Video Timeline Segmentation", whose
 * regions are in seconds: `<Video name="video" value="$video" sync="audio"/>`,
 * `<Audio name="audio" value="$video" sync="video"/>` and, a tier each, `<Labels name="TIER" toName="audio">`.
 * Throws `labels_unprintable` for a video without a source.
 */
export function printLabelStudio(videos: readonly LabelledVideo[]): string {
  const tasks = checkVideos(format, videos).map(({ source, spans }, video) => {
    if (source === null) {
      throw labelFault(
        'labels_unprintable',
        { format, at: `videos[${video}]` },
        { problem: 'a video without a source' },
      )
    }
    const result = spans.map(({ startSeconds, endSeconds, label, tier }, i) => ({
      id: `span-${i}`,
      from_name: tier,
      to_name: 'audio',
      type: 'labels',
      origin: 'manual',
      value: { start: startSeconds, end: endSeconds, channel: 0, labels: [label] },
    }))
    return { data: { video: source }, annotations: [{ result }] }
  })
  return `${JSON.stringify(tasks, null, 2)}\n`
}
