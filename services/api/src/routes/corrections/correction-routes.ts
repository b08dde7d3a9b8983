import { correctInterval, withdrawCorrection } from '@takt/db'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { problems } from '../../http/answers.ts'
import { found, referenced } from '../../http/database-refusals.ts'
import { idParams } from '../../http/fields.ts'
import { published } from '../timings/published.ts'
import { correctedSpan } from './corrected-span.ts'
import { correctionDocument, newCorrection, presentCorrection, withdrawal } from './correction-document.ts'

const tags = ['corrections']

export const correctionRoutes: Routes = (app, context) => {
  const { db, now } = context

  app.get(
    '/timings/:id/corrections',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List what people decided about a timing, first to last',
        params: idParams,
        response: { 200: z.object({ items: z.array(correctionDocument) }), ...problems },
      },
    },
    async ({ params: { id } }) => {
      const rows = await db.prisma.correction.findMany({ where: { intervalId: id }, orderBy: { id: 'asc' } })
      return { items: rows.map(presentCorrection) }
    },
  )

  app.post(
    '/timings/:id/corrections',
    {
      config: { scope: 'correct' },
      schema: {
        tags,
        summary: 'Correct a timing: its start, end or step, or that it happened at all',
        description:
          'Needs `If-Match` with the revision that was seen (`ETag` of `GET /v1/timings/{id}`). Makes a revision by a person, which no decoding anew changes; neighbours and cycles follow within seconds. Withdraw it to undo it.',
        params: idParams,
        headers: z.object({ 'if-match': z.string().max(40).optional() }),
        body: newCorrection,
        response: { 201: correctionDocument, ...problems },
      },
    },
    async ({ params: { id }, body, headers, caller }, reply) => {
      const seen = seenRevision(headers['if-match'], id)
      const row = await db.prisma.intervalCurrent.findFirst({ where: { id } })
      const timing = await published(db, { row, entity: 'interval', id })
      const span = correctedSpan(timing, body, now())
      const stepId = body.step === undefined ? timing.stepId : await findStep(context, body.step, timing.stepId)
      const result = await correctInterval(
        db,
        {
          interval: id,
          next: body.remove ? null : { startsAt: span.startsAt.getTime(), endsAt: span.endsAt.getTime(), stepId },
          author: body.author ?? caller.name,
          reason: body.reason,
        },
        seen,
      )
      if (result.outcome === 'unknown') throw apiError('not-found', { what: 'timing', id })
      if (result.outcome === 'stale') throw apiError('revision-stale', { timing: id, seen, revision: result.revision })
      if (result.outcome === 'taken')
        throw apiError('correction-refused', {
          timing: id,
          why: `timing ${result.by}, which a person corrected, is there`,
        })
      return reply.code(201).send(await show(context, result.correction))
    },
  )

  app.post(
    '/corrections/:id/withdraw',
    {
      config: { scope: 'correct' },
      schema: {
        tags,
        summary: 'Withdraw a correction',
        description: 'The timing is again what it was before, and its stretch is decoded anew. Twice is once.',
        params: idParams,
        body: withdrawal,
        response: { 200: correctionDocument, ...problems },
      },
    },
    async ({ params: { id }, body, caller }) => {
      const result = await withdrawCorrection(db, { id, author: body.author ?? caller.name, reason: body.reason })
      if (result.outcome === 'superseded') throw apiError('correction-superseded', { correction: id, by: result.by })
      return show(context, id)
    },
  )
}

const show = async ({ db }: RouteContext, id: string) =>
  presentCorrection(found(await db.prisma.correction.findUnique({ where: { id } }), 'correction', id))

/** The revision that the client saw, from `If-Match: "3"`. Throws `revision-missing`. */
function seenRevision(ifMatch: string | undefined, timing: string): number {
  const revision = /^"([1-9]\d{0,8})"$/.exec(ifMatch ?? '')?.[1]
  if (!revision) throw apiError('revision-missing', { timing, given: ifMatch ?? null })
  return Number(revision)
}

/** A step by name or id, of the version of the process that another one is of. Throws `reference-unknown`. */
async function findStep({ db }: RouteContext, step: string, sibling: string): Promise<string> {
  const { processVersionId } = await db.prisma.step.findUniqueOrThrow({ where: { id: sibling } })
  const by = z.guid().safeParse(step).success ? { id: step.toLowerCase() } : { name: step }
  const row = await db.prisma.step.findFirst({ where: { processVersionId, ...by }, select: { id: true } })
  return referenced(row, { what: 'step', id: step, at: 'step' }).id
}
