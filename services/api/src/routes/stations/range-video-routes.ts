import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { media, problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, instant, name } from '../../http/fields.ts'
import { checkWindow } from '../../http/window.ts'
import { intervalVideo } from '../../video/interval-video.ts'
import { openPart } from '../../video/open-part.ts'

/** As much as one request may fetch and copy. */
const longestMs = 10 * 60_000

export const rangeVideoRoutes: Routes = (app, context) => {
  app.get(
    '/stations/:id/video',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['video'],
        summary: "The video of a stretch of a station's time",
        description:
          'MP4 from the stored segments, not encoded anew, ten minutes at most: it begins at the key frame at or before the start. `Takt-Video-Start` is the instant of its first picture. Byte ranges are served.',
        params: idParams,
        querystring: z.strictObject({
          from: instant(),
          to: instant(),
          view: name().optional().describe("A view's name; the station's first one where it is left out."),
        }),
        response: {
          200: media('video/mp4', 'All of it.'),
          206: media('video/mp4', 'The range asked for.'),
          ...problems,
        },
      },
    },
    async ({ params: { id }, query: { from, to, view }, headers }, reply) => {
      checkWindow({ from, to }, longestMs)
      found(await context.db.prisma.station.findUnique({ where: { id }, select: { id: true } }), 'station', id)
      const path = await intervalVideo(context, { what: `station ${id}`, station: id, from, to, view })
      const part = await openPart(path, headers.range)
      return reply.code(part.status).type('video/mp4').headers(part.headers).send(part.body)
    },
  )
}
