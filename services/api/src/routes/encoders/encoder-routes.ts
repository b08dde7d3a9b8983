import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams } from '../../http/fields.ts'
import { encoderDocument, presentEncoder } from './encoder-document.ts'

const tags = ['encoders']

export const encoderRoutes: Routes = (app, { db }) => {
  app.get(
    '/encoders',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List encoders, newest first',
        response: { 200: z.object({ items: z.array(encoderDocument) }), ...problems },
      },
    },
    async () => ({ items: (await db.prisma.encoder.findMany({ orderBy: { createdAt: 'desc' } })).map(presentEncoder) }),
  )

  app.get(
    '/encoders/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Get an encoder', params: idParams, response: { 200: encoderDocument, ...problems } },
    },
    async ({ params: { id } }) =>
      presentEncoder(found(await db.prisma.encoder.findUnique({ where: { id } }), 'encoder', id)),
  )
}
