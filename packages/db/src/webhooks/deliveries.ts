import type { Database } from '../open-database.ts'

/** A subscription whose sender one process is, for as long as its lease lasts. */
export interface WebhookLease {
  readonly id: string
  readonly name: string
  readonly holder: string
  readonly url: string
  readonly stationIds: readonly string[]
  /** Sealed; the newest first. Within a rotation there are two. */
  readonly secretsSealed: readonly Uint8Array[]
  readonly epoch: string
  readonly ackedSeq: bigint
  readonly failures: number
}

/**
 * Leases a subscription that has something to send and whose turn it is, or `null`. While the lease lasts nobody else
 * sends for it, so that its receiver sees the order of the feed.
 */
export async function leaseWebhook(
  db: Database,
  { holder, leaseMs }: { readonly holder: string; readonly leaseMs: number },
): Promise<WebhookLease | null> {
  const { rows } = await db.pool.query<WebhookLease>(
    `update webhook w set lease_holder = $1, lease_until = now() + $2 * interval '1 ms'
     where w.id = (
       select c.id from webhook c cross join feed f
       where c.enabled and c.next_attempt_at <= now() and (c.lease_until is null or c.lease_until < now())
         and (c.acked_seq < f.last_seq or c.epoch <> f.epoch)
       order by c.next_attempt_at limit 1 for update of c skip locked)
     returning w.id, w.name, w.lease_holder as holder, w.url, w.station_ids as "stationIds", w.epoch,
       w.acked_seq as "ackedSeq", w.failures,
       case when w.previous_secret_until > now() then array[w.secret_sealed, w.previous_secret_sealed]
         else array[w.secret_sealed] end as "secretsSealed"`,
    [holder, leaseMs],
  )
  return rows[0] ?? null
}

/**
 * Moves the cursor from where the lease's holder believes it to be, and extends the lease. False: the lease is another's
 * or the cursor was set elsewhere, and the holder has to stop.
 */
export async function ackDelivery(
  db: Database,
  lease: Pick<WebhookLease, 'id' | 'holder'>,
  { from, to, leaseMs }: { readonly from: bigint; readonly to: bigint; readonly leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update webhook set acked_seq = $4, failures = 0, failing_since = null, last_error = null, last_delivered_at = now(),
       lease_until = now() + $5 * interval '1 ms'
     where id = $1 and lease_holder = $2 and acked_seq = $3 and enabled`,
    [lease.id, lease.holder, from, to, leaseMs],
  )
  return rowCount === 1
}

/** Gives a lease back; the subscription waits for its next turn. */
export const giveBackWebhook = (db: Database, { id, holder }: Pick<WebhookLease, 'id' | 'holder'>) =>
  db.pool.query(
    `update webhook set lease_holder = null, lease_until = null, next_attempt_at = now()
     where id = $1 and lease_holder = $2`,
    [id, holder],
  )

/**
 * Records a delivery that failed and when the next is due, and gives the lease back. `disabled`: the subscription has
 * failed for longer than `giveUpMs`, or `finally` says that nothing will come of it.
 */
export async function recordDeliveryFailed(
  db: Database,
  { id, holder }: Pick<WebhookLease, 'id' | 'holder'>,
  failure: {
    readonly error: string
    readonly waitMs: number
    readonly giveUpMs: number
    readonly finally: boolean
  },
): Promise<'waits' | 'disabled' | 'not-ours'> {
  const { rows } = await db.pool.query<{ enabled: boolean }>(
    `with judged as (
       select id, $5 or coalesce(failing_since, now()) <= now() - $6 * interval '1 ms' as hopeless from webhook
       where id = $1 and lease_holder = $2 for update
     )
     update webhook w set failures = failures + 1, failing_since = coalesce(failing_since, now()), last_error = $3,
       next_attempt_at = now() + $4 * interval '1 ms', lease_holder = null, lease_until = null,
       enabled = enabled and not hopeless,
       disabled_reason = case when enabled and hopeless then $3 else disabled_reason end
     from judged where w.id = judged.id returning w.enabled`,
    [id, holder, failure.error, failure.waitMs, failure.finally, failure.giveUpMs],
  )
  const row = rows[0]
  return row ? (row.enabled ? 'waits' : 'disabled') : 'not-ours'
}
