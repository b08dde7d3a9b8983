import { createMetrics } from '@takt/service'
import { runSender } from '../../src/webhooks/run-sender.ts'
import { webhookEvents } from '../../src/webhooks/webhook-events.ts'
import { createWebhookMetrics } from '../../src/webhooks/webhook-metrics.ts'
import type { TestApi } from '../start-api.ts'

/** A sender beside the API, as every replica has one; disposing it stops it and waits for its end. */
export function startTestSender(api: TestApi, giveUpMs = 86_400_000): AsyncDisposable {
  const stop = new AbortController()
  const { db, seal, webhookTargets: guard, logger } = api.context
  const metrics = createWebhookMetrics(createMetrics({ service: 'api', version: 'test' }), db)
  const context = { db, seal, guard, events: webhookEvents(logger), metrics, now: () => new Date(), giveUpMs }
  const ended = runSender(context, stop.signal)
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await ended
    },
  }
}
