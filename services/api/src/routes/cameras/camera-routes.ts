import { uuidRandomBytes, uuidV7 } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { noContent, problems } from '../../http/answers.ts'
import { found, refuseTakenName } from '../../http/database-refusals.ts'
import { cursor, idParams, limit } from '../../http/fields.ts'
import { cutPage, pageOf, readCursor } from '../../http/page.ts'
import { cameraChange, cameraDocument, cameraEventDocument, newCamera, presentCamera } from './camera-document.ts'
import { removedName, storeCameraUrl } from './camera-rules.ts'

const tags = ['cameras']

export const cameraRoutes: Routes = (app, { db, seal, now }) => {
  app.get(
    '/cameras',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List cameras',
        querystring: z.strictObject({ removed: z.enum(['without', 'only']).default('without') }),
        response: { 200: z.object({ items: z.array(cameraDocument) }), ...problems },
      },
    },
    async ({ query }) => {
      const rows = await db.prisma.camera.findMany({
        where: { removedAt: query.removed === 'only' ? { not: null } : null },
        orderBy: { name: 'asc' },
      })
      return { items: rows.map(presentCamera) }
    },
  )

  app.post(
    '/cameras',
    {
      config: { scope: 'admin' },
      schema: { tags, summary: 'Add a camera', body: newCamera, response: { 201: cameraDocument, ...problems } },
    },
    async ({ body: { url, ...camera } }, reply) => {
      // The URL is sealed for this very row, so the id is made here.
      const id = uuidV7(now().getTime(), crypto.getRandomValues(new Uint8Array(uuidRandomBytes)))
      const stored = storeCameraUrl(seal, id, url)
      const row = await refuseTakenName('camera', camera.name, () =>
        db.prisma.camera.create({ data: { id, ...camera, ...stored } }),
      )
      return reply.code(201).header('location', `/v1/cameras/${id}`).send(presentCamera(row))
    },
  )

  app.get(
    '/cameras/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Get a camera', params: idParams, response: { 200: cameraDocument, ...problems } },
    },
    async ({ params: { id } }) =>
      presentCamera(found(await db.prisma.camera.findUnique({ where: { id } }), 'camera', id)),
  )

  app.patch(
    '/cameras/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Change a camera',
        description: 'Each change raises `revision`; ingest takes it up while it runs.',
        params: idParams,
        body: cameraChange,
        response: { 200: cameraDocument, ...problems },
      },
    },
    async ({ params: { id }, body: { url, ...change } }) => {
      const before = found(await db.prisma.camera.findUnique({ where: { id } }), 'camera', id)
      if (before.removedAt) throw apiError('camera-removed', { camera: id, removedAt: before.removedAt.toISOString() })
      const data = {
        ...(change.name !== undefined && { name: change.name }),
        ...(change.transport !== undefined && { transport: change.transport }),
        ...(change.enabled !== undefined && { enabled: change.enabled }),
        ...(url !== undefined && storeCameraUrl(seal, id, url)),
        revision: { increment: 1 },
      }
      const row = await refuseTakenName('camera', change.name ?? before.name, () =>
        db.prisma.camera.update({ where: { id }, data }),
      )
      return presentCamera(row)
    },
  )

  app.delete(
    '/cameras/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Remove a camera',
        description: 'Its video, coverage and timings stay; its name is free again. Removing it twice changes nothing.',
        params: idParams,
        response: { 204: noContent, ...problems },
      },
    },
    async ({ params: { id } }, reply) => {
      const camera = found(await db.prisma.camera.findUnique({ where: { id } }), 'camera', id)
      await db.prisma.camera.updateMany({
        where: { id, removedAt: null },
        data: { removedAt: now(), enabled: false, name: removedName(camera), revision: { increment: 1 } },
      })
      return reply.code(204).send(null)
    },
  )

  app.get(
    '/cameras/:id/events',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: "List a camera's changes of state, newest first",
        params: idParams,
        querystring: z.strictObject({ cursor: cursor(), limit: limit({ usual: 100, most: 1000 }) }),
        response: { 200: pageOf(cameraEventDocument), ...problems },
      },
    },
    async ({ params: { id }, query }) => {
      found(await db.prisma.camera.findUnique({ where: { id }, select: { id: true } }), 'camera', id)
      const before = readCursor(z.tuple([z.int().positive()]), query.cursor)
      const rows = await db.prisma.cameraEvent.findMany({
        where: { cameraId: id, ...(before && { id: { lt: BigInt(before[0]) } }) },
        orderBy: { id: 'desc' },
        take: query.limit + 1,
      })
      const page = cutPage(rows, query.limit, last => [Number(last.id)])
      const items = page.items.map(({ at, state, detail }) => ({ at: at.toISOString(), state, detail }))
      return { items, next: page.next }
    },
  )
}
