import { z } from 'zod'
import { id, name, time } from '../../http/fields.ts'

export const webhookDocument = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    stationIds: z.array(z.string()).describe('Empty: all stations.'),
    enabled: z.boolean(),
    disabledReason: z.string().nullable(),
    behind: z.number().int().describe('Changes in the feed after the last one that was taken.'),
    failures: z.number().int().describe('In a row; 0 while all is taken.'),
    failingSince: time().nullable(),
    lastError: z.string().nullable(),
    lastDeliveredAt: time().nullable(),
    nextAttemptAt: time(),
    previousSecretUntil: time().nullable().describe('Until then messages are signed with the secret before as well.'),
    createdAt: time(),
  })
  .meta({ id: 'Webhook' })

export const secretDocument = webhookDocument
  .extend({
    secret: z.string().describe('`whsec_…`, by the Standard Webhooks specification. Shown this once and kept sealed.'),
  })
  .meta({ id: 'WebhookWithSecret' })

const url = () => z.url().max(2000).describe('http or https, in an allowed network.')
const stationIds = () => z.array(id()).max(1000).describe('Whose changes are sent; none named: all.')
const place = z.string().max(200)

export const newWebhook = z.strictObject({
  name: name(),
  url: url(),
  stationIds: stationIds().default([]),
  after: place.optional().describe('A place in the feed to start from; left out: now.'),
})

export const webhookPatch = z.strictObject({
  name: name().optional(),
  url: url().optional(),
  stationIds: stationIds().optional(),
  enabled: z.boolean().optional().describe('Enabling goes on from where it was, at once.'),
})

export const replay = z.strictObject({
  after: place.describe(
    'A place in the feed, as `next` of `/v1/changes` or the id of an event: all after it is sent again.',
  ),
})

export const rotation = z.strictObject({
  keepPreviousHours: z.number().min(0).max(168).default(24).describe('For so long messages carry both signatures.'),
})

interface WebhookRow {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly stationIds: readonly string[]
  readonly enabled: boolean
  readonly disabledReason: string | null
  readonly ackedSeq: bigint
  readonly failures: number
  readonly failingSince: Date | null
  readonly lastError: string | null
  readonly lastDeliveredAt: Date | null
  readonly nextAttemptAt: Date
  readonly previousSecretUntil: Date | null
  readonly createdAt: Date
}

export const presentWebhook = (row: WebhookRow, lastSeq: bigint): z.output<typeof webhookDocument> => ({
  id: row.id,
  name: row.name,
  url: row.url,
  stationIds: [...row.stationIds],
  enabled: row.enabled,
  disabledReason: row.disabledReason,
  behind: Math.max(0, Number(lastSeq - row.ackedSeq)),
  failures: row.failures,
  failingSince: row.failingSince?.toISOString() ?? null,
  lastError: row.lastError,
  lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
  nextAttemptAt: row.nextAttemptAt.toISOString(),
  previousSecretUntil: row.previousSecretUntil?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
})
