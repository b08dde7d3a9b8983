import { openSlots, recentHorizonMs } from '@takt/db'
import { z } from 'zod'
import type { Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { problems } from '../../http/answers.ts'
import { found, referenced } from '../../http/database-refusals.ts'
import { id, idParams } from '../../http/fields.ts'
import { newRelease, presentRelease, releaseDocument } from './release-document.ts'

const tags = ['releases']
const withMethod = { encoder: { select: { method: true } } } as const

export const releaseRoutes: Routes = (app, { db, jobs, now, events }) => {
  /** A head that was made long before its release: the video that its station begins with is embedded now. */
  const openRecent = async (of: { readonly station: string; readonly encoder: string }): Promise<void> => {
    const recent = { startUtcMs: now().getTime() - recentHorizonMs, endUtcMs: now().getTime() }
    const opened = await openSlots(db, { ...of, stretches: [recent] })
    if (opened.length === 0) return
    await jobs
      .addBulk(opened.map(segmentId => ({ kind: 'embed-backfill', args: { segmentId } })))
      .catch((error: unknown) => events.jobNotAdded({ kind: 'embed-backfill', id: opened[0]!, error }))
  }

  app.get(
    '/releases',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List releases, newest first',
        querystring: z.strictObject({ station: id().optional() }),
        response: { 200: z.object({ items: z.array(releaseDocument) }), ...problems },
      },
    },
    async ({ query }) => {
      const rows = await db.prisma.release.findMany({
        where: query.station ? { stationId: query.station } : {},
        orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
        take: 1000,
        include: withMethod,
      })
      return { items: rows.map(presentRelease) }
    },
  )

  app.get(
    '/releases/:id',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'Get a release', params: idParams, response: { 200: releaseDocument, ...problems } },
    },
    async ({ params: { id } }) =>
      presentRelease(found(await db.prisma.release.findUnique({ where: { id }, include: withMethod }), 'release', id)),
  )

  app.post(
    '/releases',
    {
      config: { scope: 'operate' },
      schema: {
        tags,
        summary: 'Release a head to its station',
        description: 'Releases are only ever added. One that would come before the release in force is refused.',
        body: newRelease,
        response: { 201: releaseDocument, ...problems },
      },
    },
    async ({ body, caller }, reply) => {
      const effectiveAt = body.effectiveAt ?? now()
      const row = await db.prisma.$transaction(async tx => {
        // Under the station's lock, so that two releases see each other.
        const locked = await tx.$queryRaw<
          unknown[]
        >`select 1 from station where id = ${body.stationId}::uuid for update`
        referenced(locked[0], { what: 'station', id: body.stationId, at: 'stationId' })
        const head = referenced(await tx.head.findUnique({ where: { id: body.headId } }), {
          what: 'head',
          id: body.headId,
          at: 'headId',
        })
        if (head.stationId !== body.stationId)
          throw apiError('head-of-another-station', { head: head.id, station: head.stationId })
        if (head.state !== 'ready') throw apiError('head-not-ready', { head: head.id, state: head.state })
        const inForce = await tx.release.findFirst({
          where: { stationId: body.stationId, effectiveAt: { lte: now() } },
          orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
        })
        if (inForce && effectiveAt < inForce.effectiveAt)
          throw apiError('release-retroactive', {
            effectiveAt: effectiveAt.toISOString(),
            inForceSince: inForce.effectiveAt.toISOString(),
          })
        return tx.release.create({
          data: {
            stationId: body.stationId,
            encoderId: head.encoderId,
            headId: head.id,
            effectiveAt,
            author: caller.name,
          },
          include: withMethod,
        })
      })
      const { stationId: station, encoderId: encoder } = row
      await openRecent({ station, encoder })
      return reply.code(201).header('location', `/v1/releases/${row.id}`).send(presentRelease(row))
    },
  )
}
