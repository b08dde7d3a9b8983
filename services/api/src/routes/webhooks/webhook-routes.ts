import { listChanges } from '@takt/db/listing'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { noContent, problems } from '../../http/answers.ts'
import { found, refuseTakenName } from '../../http/database-refusals.ts'
import { idParams } from '../../http/fields.ts'
import { webhookSealContext } from '../../webhooks/seal-context.ts'
import { mintSecret } from '../../webhooks/sign.ts'
import { checkToken, readToken } from '../changes/feed-token.ts'
import {
  newWebhook,
  presentWebhook,
  replay,
  rotation,
  secretDocument,
  webhookDocument,
  webhookPatch,
} from './webhook-document.ts'

const tags = ['webhooks']
const config = { scope: 'webhooks' } as const

export const webhookRoutes: Routes = (app, context) => {
  const { db, seal, now, webhookTargets } = context

  app.get(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'List webhooks, with how far behind each is and why one is disabled',
        response: { 200: z.object({ items: z.array(webhookDocument) }), ...problems },
      },
    },
    async () => {
      const { lastSeq } = await feedNow(context)
      const rows = await db.prisma.webhook.findMany({ orderBy: { name: 'asc' } })
      return { items: rows.map(row => presentWebhook(row, lastSeq)) }
    },
  )

  app.get(
    '/webhooks/:id',
    {
      config,
      schema: { tags, summary: 'Get a webhook', params: idParams, response: { 200: webhookDocument, ...problems } },
    },
    ({ params: { id } }) => show(context, id),
  )

  app.post(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Subscribe to the feed of changes',
        description:
          'Each change is posted as a CloudEvent 1.0 in structured JSON, signed by the Standard Webhooks specification (`webhook-id`, `webhook-timestamp`, `webhook-signature`), in the order of the feed: the next when the one before was answered with 2xx. What fails is sent again with growing pauses; 410, or days of failures, disable the webhook. A message may come twice, with the same `webhook-id`.',
        body: newWebhook,
        response: { 201: secretDocument, ...problems },
      },
    },
    async ({ body }, reply) => {
      webhookTargets.checkUrl(new URL(body.url))
      const cursor = await placeOf(context, body.after)
      const id = crypto.randomUUID()
      const secret = mintSecret()
      const row = await refuseTakenName('webhook', body.name, () =>
        db.prisma.webhook.create({
          data: {
            id,
            name: body.name,
            url: body.url,
            stationIds: body.stationIds,
            secretSealed: seal.seal(secret, webhookSealContext(id)),
            ...cursor,
          },
        }),
      )
      const { lastSeq } = await feedNow(context)
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .header('location', `/v1/webhooks/${id}`)
        .send({ ...presentWebhook(row, lastSeq), secret })
    },
  )

  app.patch(
    '/webhooks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a webhook, or enable it again',
        params: idParams,
        body: webhookPatch,
        response: { 200: webhookDocument, ...problems },
      },
    },
    async ({ params: { id }, body: { enabled, ...fields } }) => {
      if (fields.url !== undefined) webhookTargets.checkUrl(new URL(fields.url))
      await show(context, id)
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      await refuseTakenName('webhook', fields.name ?? '', () =>
        db.prisma.webhook.updateMany({
          where: { id },
          data: { ...given, ...(enabled === undefined ? {} : enabled ? startOver(now()) : disabledByHand) },
        }),
      )
      return show(context, id)
    },
  )

  app.post(
    '/webhooks/:id/rotate-secret',
    {
      config,
      schema: {
        tags,
        summary: 'Give a webhook a new secret; both sign until the old one ends',
        params: idParams,
        body: rotation,
        response: { 200: secretDocument, ...problems },
      },
    },
    async ({ params: { id }, body }, reply) => {
      const row = found(await db.prisma.webhook.findUnique({ where: { id } }), 'webhook', id)
      const secret = mintSecret()
      await db.prisma.webhook.updateMany({
        where: { id },
        data: {
          secretSealed: seal.seal(secret, webhookSealContext(id)),
          previousSecretSealed: row.secretSealed,
          previousSecretUntil: new Date(now().getTime() + body.keepPreviousHours * 3_600_000),
        },
      })
      return reply.header('cache-control', 'no-store').send({ ...(await show(context, id)), secret })
    },
  )

  app.post(
    '/webhooks/:id/replay',
    {
      config,
      schema: {
        tags,
        summary: 'Send everything after a place in the feed, again',
        params: idParams,
        body: replay,
        response: { 200: webhookDocument, ...problems },
      },
    },
    async ({ params: { id }, body }) => {
      await show(context, id)
      const cursor = await placeOf(context, body.after)
      await db.prisma.webhook.updateMany({ where: { id }, data: { ...cursor, nextAttemptAt: now() } })
      return show(context, id)
    },
  )

  app.delete(
    '/webhooks/:id',
    {
      config,
      schema: { tags, summary: 'End a subscription', params: idParams, response: { 204: noContent, ...problems } },
    },
    async ({ params: { id } }, reply) => {
      await show(context, id)
      await db.prisma.webhook.deleteMany({ where: { id } })
      return reply.code(204).send(null)
    },
  )
}

const disabledByHand = { enabled: false, disabledReason: 'by hand' }

/** As a subscription that has not failed yet. */
const startOver = (now: Date) => ({
  enabled: true,
  disabledReason: null,
  failures: 0,
  failingSince: null,
  lastError: null,
  nextAttemptAt: now,
})

const show = async (context: RouteContext, id: string): Promise<z.output<typeof webhookDocument>> => {
  const row = found(await context.db.prisma.webhook.findUnique({ where: { id } }), 'webhook', id)
  return presentWebhook(row, (await feedNow(context)).lastSeq)
}

const feedNow = async ({ db }: RouteContext) => (await listChanges(db, { after: 0n, limit: 1 })).feed

/** A reader's place as a cursor; without one, the end of the feed. Throws as `/v1/changes` does. */
async function placeOf(context: RouteContext, after: string | undefined) {
  const token = after === undefined ? null : readToken(after)
  const feed = await feedNow(context)
  if (token) checkToken(token, feed)
  return { epoch: feed.epoch, ackedSeq: token?.seq ?? feed.lastSeq }
}
