import { defineEvents, event } from '@takt/service'

const minute = 60_000

export const webhookEvents = defineEvents({
  deliveryFailed: event<{ webhook: string; error: string; failures: number }>({
    level: 'warn',
    message: 'a webhook was not taken; it is sent again',
    repeats: { windowMs: 10 * minute, key: fields => `${fields.webhook} ${fields.error}` },
  }),
  webhookDisabled: event<{ webhook: string; reason: string }>({
    level: 'error',
    message: 'a webhook is disabled: nothing more is sent until it is enabled again',
  }),
  senderFailed: event<{ error: unknown }>({
    level: 'error',
    message: 'webhooks cannot be sent',
    repeats: { windowMs: minute, key: fields => `${fields.error}` },
  }),
})

export type WebhookEvents = ReturnType<typeof webhookEvents>
