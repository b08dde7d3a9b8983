import { join } from 'node:path'
import { type SegmentDocument, segmentsWithin, viewsInForce } from '@takt/db/listing'
import { joinSegments } from '@takt/video'
import type { ApiContext } from '../context.ts'
import { apiError } from '../errors.ts'

/** A file of joined video and the instant of its first picture. */
export interface IntervalVideo {
  readonly path: string
  readonly startsAt: Date
}

/** A quarter of an hour of 4 s segments: what one request may fetch and copy. */
const mostSegments = 225

/**
 * The video of a stretch of a station's time by one view. Only segments that exist are joined; gaps stay gaps.
 * Throws `video-missing` where there is none, `not-found` for a view that the station did not have then.
 */
export async function intervalVideo(
  { db, blobs, videoCache, signal }: Pick<ApiContext, 'db' | 'blobs' | 'videoCache' | 'signal'>,
  request: {
    readonly what: string
    readonly station: string
    readonly from: Date
    readonly to: Date
    readonly view: string | undefined
  },
): Promise<IntervalVideo> {
  const { what, station, from, to } = request
  const views = await viewsInForce(db, { station, from, to })
  const view = request.view === undefined ? views[0] : views.find(({ view }) => view === request.view)
  if (!view && request.view !== undefined) throw apiError('not-found', { what: 'view', id: request.view })
  if (!view) throw apiError('video-missing', { what, cameras: [] })
  const cameraFrom = new Date(from.getTime() - view.offsetMs)
  const cameraTo = new Date(to.getTime() - view.offsetMs)
  const segments = await segmentsWithin(db, {
    camera: view.cameraId,
    from: cameraFrom,
    to: cameraTo,
    limit: mostSegments,
  })
  const first = segments[0]
  if (!first) throw apiError('video-missing', { what, cameras: [view.cameraId] })

  // Seconds since the first segment's start: sessions have media times of their own, UTC is common to them.
  const origin = Date.parse(first.startTime)
  const seconds = (instant: string | Date) => (new Date(instant).getTime() - origin) / 1000
  const range = { fromSeconds: seconds(cameraFrom), toSeconds: seconds(cameraTo) }
  const key = `video ${segments.map(({ id }) => id).join(' ')} ${range.fromSeconds} ${range.toSeconds}`
  const path = await videoCache.file(key, output =>
    videoCache.workspace(async own => {
      const parts = await fetchSegments(blobs, segments, own)
      await joinSegments({
        segments: parts.map(({ segment, path }) => ({ path, mediaStartSeconds: seconds(segment.startTime) })),
        ...range,
        output,
        signal,
      })
    }),
  )
  return { path, startsAt: new Date(Math.max(origin, cameraFrom.getTime())) }
}

const fetchSegments = async (
  blobs: ApiContext['blobs'],
  segments: readonly SegmentDocument[],
  directory: string,
): Promise<readonly { readonly segment: SegmentDocument; readonly path: string }[]> => {
  const parts = []
  for (const [i, segment] of segments.entries()) {
    const path = join(directory, `${i}.mp4`)
    await blobs.download(segment.objectKey, path)
    parts.push({ segment, path })
  }
  return parts
}
