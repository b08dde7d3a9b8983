import { getTiming, listCoverage, segmentsWithin, type Timing, viewsInForce } from '@takt/db/listing'
import { clockSources, lateAfterMs, summariseCoverage } from '@takt/domain'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { problems } from '../../http/answers.ts'
import { idParams, time } from '../../http/fields.ts'
import { coverageSummary, presentSummary } from '../cameras/coverage-routes.ts'
import { aboutEncoder, isTrained } from '../encoders/encoder-document.ts'
import { presentRelease, releaseDocument } from '../releases/release-document.ts'
import { viewDocument } from '../stations/station-document.ts'
import { published } from './published.ts'
import { timingDocument } from './timing-document.ts'

const provenanceDocument = z
  .object({
    timing: timingDocument,
    release: releaseDocument,
    encoder: z.object({
      id: z.string(),
      name: z.string(),
      method: z.string(),
      trained: z.boolean(),
      about: z.string(),
    }),
    head: z.object({ id: z.string(), scores: z.record(z.string(), z.unknown()), fittedAt: time().nullable() }),
    processVersion: z.object({
      id: z.string(),
      processId: z.string(),
      process: z.string(),
      version: z.number().int(),
      validFrom: time(),
    }),
    run: z.object({ id: z.string(), ordinal: z.number().int(), startedAt: time() }),
    views: z.array(
      viewDocument.extend({
        coverage: coverageSummary,
        segments: z.array(
          z.object({
            id: z.string(),
            sessionId: z.string(),
            sequence: z.number().int(),
            startTime: time(),
            endTime: time(),
            clockSource: z.enum(clockSources),
            absoluteErrorMs: z.number(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Provenance' })

const mostSegments = 2000

export const provenanceRoutes: Routes = (app, context) => {
  app.get(
    '/timings/:id/provenance',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['timings'],
        summary: 'What a timing rests on',
        description: 'Its release, encoder, head and process version, and for each view the video and its coverage.',
        params: idParams,
        response: { 200: provenanceDocument, ...problems },
      },
    },
    async ({ params: { id } }) =>
      provenanceOf(
        context,
        await published(context.db, { row: await getTiming(context.db, id), entity: 'interval', id }),
      ),
  )
}

const provenanceOf = async (context: RouteContext, timing: Timing): Promise<z.output<typeof provenanceDocument>> => {
  const { db } = context
  const release = await db.prisma.release.findUniqueOrThrow({
    where: { id: timing.releaseId },
    include: { encoder: true, head: true },
  })
  const version = await db.prisma.processVersion.findUniqueOrThrow({
    where: { id: timing.processVersionId },
    include: { process: { select: { name: true } } },
  })
  const run = await db.prisma.run.findUnique({ where: { id: timing.runId } })
  const { encoder, head } = release
  return {
    timing,
    release: presentRelease(release),
    encoder: {
      id: encoder.id,
      name: encoder.name,
      method: encoder.method,
      trained: isTrained(encoder),
      about: aboutEncoder(encoder),
    },
    head: {
      id: head.id,
      scores: head.scores as Record<string, unknown>,
      fittedAt: head.fittedAt?.toISOString() ?? null,
    },
    processVersion: {
      id: version.id,
      processId: version.processId,
      process: version.process.name,
      version: version.version,
      validFrom: version.validFrom.toISOString(),
    },
    run: { id: timing.runId, ordinal: timing.ordinal, startedAt: (run?.createdAt ?? release.createdAt).toISOString() },
    views: await viewsOf(context, timing),
  }
}

const viewsOf = async ({ db, now }: RouteContext, timing: Timing) => {
  const window = { from: new Date(timing.startTime), to: new Date(timing.endTime) }
  const views = await viewsInForce(db, { station: timing.stationId, ...window })
  return Promise.all(
    views.map(async view => {
      // The station's time is the camera's plus the view's offset.
      const from = new Date(window.from.getTime() - view.offsetMs)
      const to = new Date(window.to.getTime() - view.offsetMs)
      const camera = view.cameraId
      const [segments, entries] = await Promise.all([
        segmentsWithin(db, { camera, from, to, limit: mostSegments }),
        listCoverage(db, { camera, from, to }),
      ])
      const summary = summariseCoverage({
        entries,
        window: { startUtcMs: from.getTime(), endUtcMs: to.getTime() },
        nowMs: now().getTime(),
        lateAfterMs,
      })
      return {
        ...view,
        masks: [...view.masks],
        coverage: presentSummary(summary),
        segments: segments.map(({ cameraId: _, objectKey: __, bytes: ___, ...segment }) => segment),
      }
    }),
  )
}
