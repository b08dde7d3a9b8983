import type { Database } from '@takt/db'
import type { Metrics } from '@takt/service'

export const createWebhookMetrics = (metrics: Metrics, db: Database) => {
  metrics.gauge({
    name: 'webhooks_disabled',
    help: 'Subscriptions that nothing is sent to until they are enabled again.',
    collect: async gauge => gauge.set(await db.prisma.webhook.count({ where: { enabled: false } })),
  })
  return {
    delivered: metrics.counter({ name: 'webhook_deliveries_total', help: 'Changes that receivers have taken.' }),
    failed: metrics.counter({ name: 'webhook_failures_total', help: 'Deliveries that were not taken.' }),
  }
}

export type WebhookMetrics = ReturnType<typeof createWebhookMetrics>
