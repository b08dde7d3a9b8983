import { getCycle, getTiming } from '@takt/db/listing'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { media, problems } from '../../http/answers.ts'
import { idParams, name } from '../../http/fields.ts'
import { intervalVideo } from '../../video/interval-video.ts'
import { openPart, type VideoPart } from '../../video/open-part.ts'
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
    async ({ params: { id }, query: { view }, headers }, reply) => {
      const timing = await published(context.db, { row: await getTiming(context.db, id), entity: 'interval', id })
      const part = await videoOf(context, { what: `timing ${id}`, of: timing, view, range: headers.range })
      return reply.code(part.status).type('video/mp4').headers(part.headers).send(part.body)
    },
  )

  app.get(
    '/cycles/:id/video',
    { config: { scope: 'read' }, schema: schema('The video of a cycle') },
    async ({ params: { id }, query: { view }, headers }, reply) => {
      const cycle = await published(context.db, { row: await getCycle(context.db, id), entity: 'cycle', id })
      const part = await videoOf(context, { what: `cycle ${id}`, of: cycle, view, range: headers.range })
      return reply.code(part.status).type('video/mp4').headers(part.headers).send(part.body)
    },
  )
}

interface VideoRequest {
  readonly what: string
  readonly of: { readonly stationId: string; readonly startTime: string; readonly endTime: string }
  readonly view: string | undefined
  readonly range: string | undefined
}

const videoOf = async (context: RouteContext, { what, of, view, range }: VideoRequest): Promise<VideoPart> => {
  const { stationId: station, startTime, endTime } = of
  const path = await intervalVideo(context, { what, station, from: new Date(startTime), to: new Date(endTime), view })
  return openPart(path, range)
}
