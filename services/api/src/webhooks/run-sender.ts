import { leaseWebhook } from '@takt/db'
import { poll } from '@takt/service'
import { deliver, leaseMs, type SenderContext } from './deliver.ts'

/** How often a look is taken at what there is to send, ms. */
const lookEveryMs = 500
/** Receivers that are served side by side; a slow one holds up no other until all of these wait for one. */
const sideBySide = 4

/**
 * Sends webhooks until the signal aborts. Replicas share the subscriptions: each is leased by one sender at a time, and
 * goes on with another when that one is gone.
 */
export async function runSender(context: SenderContext, signal: AbortSignal): Promise<void> {
  const { db, events } = context
  const onError = (error: unknown) => events.senderFailed({ error })
  const workers = Array.from({ length: sideBySide }, () =>
    poll({ everyMs: lookEveryMs, signal, onError }, async () => {
      const holder = crypto.randomUUID()
      for (;;) {
        const lease = signal.aborted ? null : await leaseWebhook(db, { holder, leaseMs })
        if (!lease) return
        await deliver(context, lease, signal)
      }
    }),
  )
  await Promise.all(workers)
}
