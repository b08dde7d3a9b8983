/** What a key may do. `read` sees everything but keys; `label` writes labels; `correct` corrects timings; `events` tells what an MES knows; `webhooks` subscribes it to changes; `operate` fits, adapts, releases and retries; `admin` sets up the plant. */
export const scopes = ['read', 'label', 'correct', 'events', 'webhooks', 'operate', 'admin'] as const
export type Scope = (typeof scopes)[number]

const implied: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  label: ['label', 'read'],
  correct: ['correct', 'read'],
  events: ['events', 'read'],
  webhooks: ['webhooks', 'read'],
  operate: ['operate', 'read'],
  admin: scopes,
}

export const isScope = (text: string): text is Scope => (scopes as readonly string[]).includes(text)

/** Whether a key with these scopes may call a route of that scope. */
export const grants = (granted: readonly Scope[], wanted: Scope): boolean =>
  granted.some(scope => implied[scope].includes(wanted))
