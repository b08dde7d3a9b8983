import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newestSegment } from '@takt/db/listing'
import { stillPicture } from '@takt/video'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { media, problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, limit } from '../../http/fields.ts'

export const stillRoutes: Routes = (app, { db, blobs, videoCache, signal }) => {
  app.get(
    '/cameras/:id/still',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['cameras'],
        summary: "A camera's latest stored picture",
        description: 'To draw crops and masks on. `Last-Modified` is when its segment began.',
        params: idParams,
        querystring: z.strictObject({ width: limit({ usual: 1280, most: 3840 }) }),
        response: { 200: media('image/jpeg', 'The picture.'), ...problems },
      },
    },
    async ({ params: { id }, query: { width } }, reply) => {
      found(await db.prisma.camera.findUnique({ where: { id }, select: { id: true } }), 'camera', id)
      const segment = await newestSegment(db, id)
      if (!segment) throw apiError('video-missing', { what: 'a still', cameras: [id] })
      const path = await videoCache.file(`still ${segment.id} ${width}`, made =>
        videoCache.workspace(async own => {
          const input = join(own, 'segment.mp4')
          await blobs.download(segment.objectKey, input)
          await writeFile(made, await stillPicture({ input, atSeconds: 0, width, signal }))
        }),
      )
      return reply
        .type('image/jpeg')
        .header('last-modified', new Date(segment.startTime).toUTCString())
        .header('cache-control', 'private, no-cache')
        .send(await readFile(path))
    },
  )
}
