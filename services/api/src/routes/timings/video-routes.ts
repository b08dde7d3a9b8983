import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { getCycle, getTiming } from '@takt/db/listing'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { media, problems } from '../../http/answers.ts'
import { parseByteRange } from '../../http/byte-range.ts'
import { idParams, name } from '../../http/fields.ts'
import { intervalVideo } from '../../video/interval-video.ts'
import { published } from './published.ts'

const schema = (summary: string) => ({
  tags: ['video'],
  summary,
  description:
    'MP4 from the stored segments, not encoded anew: it begins at the key frame at or before the start. `Takt-Video-Start` is the instant of its first picture. Byte ranges are served.',
  params: idParams,
  querystring: z.strictObject({
    view: name().optional().describe("A view's name; the station's first one where it is left out."),
  }),
  response: {
    200: media('video/mp4', 'All of it.'),
    206: media('video/mp4', 'The range asked for.'),
    ...problems,
  },
})

export const videoRoutes: Routes = (app, context) => {
  app.get(
    '/timings/:id/video',
    { config: { scope: 'read' }, schema: schema('The video of a timing') },
    async ({ params: { id }, query, headers }, reply) => {
      const timing = await published(context.db, { row: await getTiming(context.db, id), entity: 'interval', id })
      return sendVideo(context, reply, { what: `timing ${id}`, of: timing, view: query.view, range: headers.range })
    },
  )

  app.get(
    '/cycles/:id/video',
    { config: { scope: 'read' }, schema: schema('The video of a cycle') },
    async ({ params: { id }, query, headers }, reply) => {
      const cycle = await published(context.db, { row: await getCycle(context.db, id), entity: 'cycle', id })
      return sendVideo(context, reply, { what: `cycle ${id}`, of: cycle, view: query.view, range: headers.range })
    },
  )
}

interface VideoRequest {
  readonly what: string
  readonly of: { readonly stationId: string; readonly startTime: string; readonly endTime: string }
  readonly view: string | undefined
  readonly range: string | undefined
}

/** What sending needs of a reply, whatever its route's schema. */
interface VideoReply {
  code(status: number): VideoReply
  type(type: string): VideoReply
  headers(headers: Record<string, string | number>): VideoReply
  send(body: never): never
}

const sendVideo = async (
  context: RouteContext,
  reply: unknown,
  { what, of, view, range }: VideoRequest,
): Promise<never> => {
  const video = await intervalVideo(context, {
    what,
    station: of.stationId,
    from: new Date(of.startTime),
    to: new Date(of.endTime),
    view,
  })
  const { size } = await stat(video.path)
  const part = parseByteRange(range, size)
  const out = (reply as VideoReply).type('video/mp4').headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=60',
    'takt-video-start': video.startsAt.toISOString(),
    'content-length': part ? part.end - part.start : size,
    ...(part && { 'content-range': `bytes ${part.start}-${part.end - 1}/${size}` }),
  })
  if (size === 0) throw apiError('video-missing', { what, cameras: [] })
  const stream = part
    ? createReadStream(video.path, { start: part.start, end: part.end - 1 })
    : createReadStream(video.path)
  return out.code(part ? 206 : 200).send(stream as never)
}
