import type { ServiceContext } from '@takt/service'
import type { ApiConfig } from '../config.ts'
import type { ApiContext } from '../context.ts'
import { runSender } from './run-sender.ts'
import { webhookEvents } from './webhook-events.ts'
import { createWebhookMetrics } from './webhook-metrics.ts'

/** Sends webhooks for as long as the service runs. */
export function startSender(service: ServiceContext<ApiConfig>, context: ApiContext): void {
  const { db, seal, now, webhookTargets } = context
  const sender = {
    db,
    seal,
    now,
    guard: webhookTargets,
    events: webhookEvents(service.logger),
    metrics: createWebhookMetrics(service.metrics, db),
    giveUpMs: service.config.WEBHOOK_GIVE_UP,
  }
  service.background('webhooks', signal => runSender(sender, signal))
}
