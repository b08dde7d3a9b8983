import { parseProcess } from '@takt/domain'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { found, refuseTakenName } from '../../http/database-refusals.ts'
import { idParams } from '../../http/fields.ts'
import { addVersion } from './add-version.ts'
import { newProcess, newVersion, presentProcess, processDocument, toDraft } from './process-document.ts'

const tags = ['processes']
const withVersions = { versions: { orderBy: { version: 'asc' }, include: { steps: true } } } as const

export const processRoutes: Routes = (app, { db, now }) => {
  const show = async (id: string) =>
    presentProcess(found(await db.prisma.process.findUnique({ where: { id }, include: withVersions }), 'process', id))

  app.get(
    '/processes',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List processes',
        response: { 200: z.object({ items: z.array(processDocument) }), ...problems },
      },
    },
    async () => {
      const rows = await db.prisma.process.findMany({ orderBy: { name: 'asc' }, include: withVersions })
      return { items: rows.map(presentProcess) }
    },
  )

  app.get(
    '/processes/:id',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Get a process with its versions',
        params: idParams,
        response: { 200: processDocument, ...problems },
      },
    },
    ({ params: { id } }) => show(id),
  )

  app.post(
    '/processes',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Add a process',
        description:
          'Process → task → motion (工程 → 作業 → モーション). A name is used once in a process; labels and timings name steps by it.',
        body: newProcess,
        response: { 201: processDocument, ...problems },
      },
    },
    async ({ body: { name, externalId, validFrom, tasks } }, reply) => {
      const tree = parseProcess(toDraft(name, tasks))
      const id = await refuseTakenName('process', name, () =>
        db.prisma.$transaction(async tx => {
          const { id } = await tx.process.create({ data: { name, externalId }, select: { id: true } })
          await addVersion(tx, { process: id, tree, validFrom: validFrom ?? now() })
          return id
        }),
      )
      return reply
        .code(201)
        .header('location', `/v1/processes/${id}`)
        .send(await show(id))
    },
  )

  app.post(
    '/processes/:id/versions',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Add a version to a process',
        description: 'Versions are only ever added, each later than the one before.',
        params: idParams,
        body: newVersion,
        response: { 201: processDocument, ...problems },
      },
    },
    async ({ params: { id }, body: { validFrom, tasks } }, reply) => {
      const { name } = found(await db.prisma.process.findUnique({ where: { id } }), 'process', id)
      const tree = parseProcess(toDraft(name, tasks))
      await db.prisma.$transaction(tx => addVersion(tx, { process: id, tree, validFrom: validFrom ?? now() }))
      return reply.code(201).send(await show(id))
    },
  )
}
