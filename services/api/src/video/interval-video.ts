import { join } from 'node:path'
import { type SegmentDocument, segmentsWithin, type ViewInForce, viewsInForce } from '@takt/db/listing'
import { joinSegments } from '@takt/video'
import type { ApiContext } from '../context.ts'
import { apiError } from '../errors.ts'
import { markStart } from './start-mark.ts'

/** A stretch of a station's time as somebody wants to see it. */
export interface IntervalVideoRequest {
  /** For messages: `timing 0198…`. */
  readonly what: string
  readonly station: string
  readonly from: Date
  readonly to: Date
  /** A view's name; the station's first one where it is left out. */
  readonly view: string | undefined
}

type VideoContext = Pick<ApiContext, 'db' | 'blobs' | 'videoCache' | 'signal'>

/** A quarter of an hour of 4 s segments: what one request may fetch and copy. */
const mostSegments = 225

/**
 * The path of an MP4 of that stretch, marked with the instant of its first picture (`readStart`). Only segments that
 * exist are joined; gaps stay gaps. Throws `video-missing` where there is none, `not-found` for a view that the station
 * did not have then.
 */
export async function intervalVideo(context: VideoContext, request: IntervalVideoRequest): Promise<string> {
  const { db, blobs, videoCache, signal } = context
  const view = await viewOf(context, request)
  // The station's time is the camera's plus the view's offset.
  const from = new Date(request.from.getTime() - view.offsetMs)
  const to = new Date(request.to.getTime() - view.offsetMs)
  const segments = await segmentsWithin(db, { camera: view.cameraId, from, to, limit: mostSegments })
  const first = segments[0]
  if (!first) throw apiError('video-missing', { what: request.what, cameras: [view.cameraId] })

  // Seconds since the first segment's start: sessions have media times of their own, UTC is common to them.
  const origin = Date.parse(first.startTime)
  const seconds = (instant: Date) => (instant.getTime() - origin) / 1000
  const range = { fromSeconds: seconds(from), toSeconds: seconds(to) }
  const key = `video ${segments.map(({ id }) => id).join(' ')} ${range.fromSeconds} ${range.toSeconds}`
  return videoCache.file(key, output =>
    videoCache.workspace(async own => {
      const paths = await fetchSegments(blobs, segments, own)
      const joined = await joinSegments({
        segments: segments.map((segment, i) => ({
          path: paths[i]!,
          mediaStartSeconds: seconds(new Date(segment.startTime)),
        })),
        ...range,
        output,
        signal,
      })
      const startsAtMs = Math.max(origin, from.getTime()) - joined.offsetSeconds * 1000
      await markStart(output, startsAtMs + view.offsetMs)
    }),
  )
}

const viewOf = async (
  { db }: VideoContext,
  { what, station, from, to, view }: IntervalVideoRequest,
): Promise<ViewInForce> => {
  const views = await viewsInForce(db, { station, from, to })
  const found = view === undefined ? views[0] : views.find(candidate => candidate.view === view)
  if (found) return found
  throw view === undefined
    ? apiError('video-missing', { what, cameras: [] })
    : apiError('not-found', { what: 'view', id: view })
}

/** Downloads them one after the other, so that a request takes no more than its share. */
const fetchSegments = async (
  blobs: ApiContext['blobs'],
  segments: readonly SegmentDocument[],
  directory: string,
): Promise<readonly string[]> => {
  const paths = []
  for (const [i, segment] of segments.entries()) {
    const path = join(directory, `${i}.mp4`)
    await blobs.download(segment.objectKey, path)
    paths.push(path)
  }
  return paths
}
