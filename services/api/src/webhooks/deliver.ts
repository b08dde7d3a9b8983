import {
  ackDelivery,
  type Database,
  giveBackWebhook,
  recordDeliveryFailed,
  type Seal,
  type WebhookLease,
} from '@takt/db'
import { type ChangeRow, type FeedState, listChanges } from '@takt/db/listing'
import { backoffMs } from '@takt/service'
import type { AddressGuard } from './address-guard.ts'
import { cloudEvent, cloudEventType } from './cloud-event.ts'
import { type Answer, post } from './post.ts'
import { webhookSealContext } from './seal-context.ts'
import { signatures } from './sign.ts'
import type { WebhookEvents } from './webhook-events.ts'
import type { WebhookMetrics } from './webhook-metrics.ts'

export interface SenderContext {
  readonly db: Database
  readonly seal: Seal
  readonly guard: AddressGuard
  readonly events: WebhookEvents
  readonly metrics: WebhookMetrics
  readonly now: () => Date
  /** A subscription that has failed for so long is disabled, ms. */
  readonly giveUpMs: number
}

/** A receiver has so long to answer; the lease outlasts it, ms. */
const answerWithinMs = 15_000
export const leaseMs = 60_000
const pageSize = 100
/** Then others have their turn. */
const pagesATurn = 5
const backoff = { firstMs: 1_000, capMs: 300_000 }

/**
 * Sends what is after the subscription's cursor, one change after the other in the order of the feed: the next goes out
 * when the one before was taken, so that nothing is lost and nothing overtakes. Ends with its turn, at the end of the
 * feed, at the first failure, or when the cursor is no longer where it left it.
 */
export async function deliver(context: SenderContext, lease: WebhookLease, signal: AbortSignal): Promise<void> {
  const { db } = context
  let from = lease.ackedSeq
  for (let page = 0; page < pagesATurn; page++) {
    const { feed, changes } = await listChanges(db, { after: from, limit: pageSize })
    if (feed.epoch !== lease.epoch || from < feed.prunedThrough)
      return failed(context, lease, {
        error: 'the feed cannot be read on from its place: start it over',
        finally: true,
      })
    for (const change of changes) {
      if (signal.aborted) break
      if (lease.stationIds.length === 0 || lease.stationIds.includes(change.stationId)) {
        const failure = await send(context, lease, { change, feed, signal })
        if (failure) return signal.aborted ? void (await giveBackWebhook(db, lease)) : failed(context, lease, failure)
        context.metrics.delivered.inc()
      }
      if (!(await ackDelivery(db, lease, { from, to: change.seq, leaseMs }))) return
      from = change.seq
    }
    if (signal.aborted || changes.length < pageSize) break
  }
  await giveBackWebhook(db, lease)
}

interface Failure {
  readonly error: string
  readonly finally: boolean
  readonly retryAfterMs?: number | null
}

async function send(
  { seal, guard, now }: SenderContext,
  lease: WebhookLease,
  message: { readonly change: ChangeRow; readonly feed: FeedState; readonly signal: AbortSignal },
): Promise<Failure | null> {
  const event = cloudEvent(message.change, message.feed)
  const body = JSON.stringify(event)
  const timestamp = Math.floor(now().getTime() / 1000)
  try {
    const secrets = lease.secretsSealed.map(sealed => seal.open(sealed, webhookSealContext(lease.id)))
    const url = new URL(lease.url)
    guard.checkUrl(url)
    return judge(
      await post({
        url,
        headers: {
          'content-type': `${cloudEventType}; charset=utf-8`,
          'user-agent': 'takt',
          'webhook-id': event.id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatures(secrets, { id: event.id, timestamp, body }),
        },
        body,
        lookup: guard.lookup,
        signal: AbortSignal.any([message.signal, AbortSignal.timeout(answerWithinMs)]),
      }),
    )
  } catch (error) {
    return { error: (error as Error).message.slice(0, 300) || String(error), finally: false }
  }
}

/** Any 2xx is taken; 410 says that nobody wants it any more; a redirect is not followed. */
function judge({ status, retryAfterMs }: Answer): Failure | null {
  if (status >= 200 && status < 300) return null
  return { error: `the receiver answered ${status}`, finally: status === 410, retryAfterMs }
}

async function failed(context: SenderContext, lease: WebhookLease, failure: Failure): Promise<void> {
  const { db, events, metrics, giveUpMs } = context
  const waitMs = Math.min(
    Math.max(backoffMs(lease.failures + 1, Math.random(), backoff), failure.retryAfterMs ?? 0),
    backoff.capMs,
  )
  metrics.failed.inc()
  events.deliveryFailed({ webhook: lease.name, error: failure.error, failures: lease.failures + 1 })
  const outcome = await recordDeliveryFailed(db, lease, {
    error: failure.error,
    finally: failure.finally,
    waitMs,
    giveUpMs,
  })
  if (outcome === 'disabled') events.webhookDisabled({ webhook: lease.name, reason: failure.error })
}
