import { z } from 'zod'
import { mintKey } from '../../auth/api-key.ts'
import { isScope, scopes } from '../../auth/scopes.ts'
import type { Routes } from '../../context.ts'
import { noContent, problems } from '../../http/answers.ts'
import { found } from '../../http/database-refusals.ts'
import { idParams, instant, name, time } from '../../http/fields.ts'

const tags = ['api keys']

const keyDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().describe('To recognise the key by: it starts with `takt_<prefix>_`.'),
    scopes: z.array(z.enum(scopes)),
    createdAt: time(),
    expiresAt: time().nullable(),
    revokedAt: time().nullable(),
  })
  .meta({ id: 'ApiKey' })

const mintedDocument = keyDocument
  .extend({ key: z.string().describe('The key itself. It is shown this once and kept only as a hash.') })
  .meta({ id: 'MintedApiKey' })

const newKey = z.strictObject({
  name: name(),
  scopes: z
    .array(z.enum(scopes))
    .min(1)
    .max(scopes.length)
    .describe('`label`, `correct`, `events`, `webhooks` and `operate` can read too; `admin` can do everything.'),
  expiresAt: instant().optional(),
})

interface KeyRow {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

const presentKey = (row: KeyRow): z.output<typeof keyDocument> => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: row.scopes.filter(isScope),
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
})

export const apiKeyRoutes: Routes = (app, { db, now, callers, events }) => {
  app.get(
    '/api-keys',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'List API keys, newest first',
        response: { 200: z.object({ items: z.array(keyDocument) }), ...problems },
      },
    },
    async () => ({ items: (await db.prisma.apiKey.findMany({ orderBy: { createdAt: 'desc' } })).map(presentKey) }),
  )

  app.post(
    '/api-keys',
    {
      config: { scope: 'admin' },
      schema: { tags, summary: 'Make an API key', body: newKey, response: { 201: mintedDocument, ...problems } },
    },
    async ({ body, caller }, reply) => {
      const { key, prefix, hash } = mintKey()
      const row = await db.prisma.apiKey.create({
        data: { name: body.name, prefix, hash, scopes: [...new Set(body.scopes)], expiresAt: body.expiresAt ?? null },
      })
      callers.forget() // The prefix may be remembered as unknown.
      events.apiKeyMinted({ keyId: row.id, scopes: row.scopes, by: caller.id })
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...presentKey(row), key })
    },
  )

  app.delete(
    '/api-keys/:id',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Revoke an API key',
        description: 'At once here, within 5 s everywhere. Revoking it twice changes nothing.',
        params: idParams,
        response: { 204: noContent, ...problems },
      },
    },
    async ({ params: { id }, caller }, reply) => {
      found(await db.prisma.apiKey.findUnique({ where: { id }, select: { id: true } }), 'API key', id)
      await db.prisma.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now() } })
      callers.forget()
      events.apiKeyRevoked({ keyId: id, by: caller.id })
      return reply.code(204).send(null)
    },
  )
}
