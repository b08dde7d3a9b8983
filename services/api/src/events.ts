import { defineEvents, event } from '@takt/service'

const minute = 60_000

/** What the API logs. */
export const apiEvents = defineEvents({
  requestFailed: event<{ requestId: string; method: string; route: string; status: number; error: unknown }>({
    level: 'error',
    message: 'a request failed',
    repeats: { windowMs: minute, key: fields => `${fields.method} ${fields.route} ${fields.status}` },
  }),
  jobNotAdded: event<{ kind: string; id: string; error: unknown }>({
    level: 'warn',
    message: 'a job could not be added now; the sweep adds it',
    repeats: { windowMs: minute, key: fields => fields.kind },
  }),
  queueConnectionFailed: event<{ error: unknown }>({
    level: 'warn',
    message: 'the queue does not answer',
    repeats: { windowMs: minute, key: () => '' },
  }),
  streamFailed: event<{ error: unknown }>({
    level: 'warn',
    message: 'a stream of changes ended early; its reader goes on where it was',
    repeats: { windowMs: minute, key: fields => `${fields.error}` },
  }),
  apiKeyMinted: event<{ keyId: string; scopes: readonly string[]; by: string }>({
    level: 'info',
    message: 'an API key was made',
  }),
  apiKeyRevoked: event<{ keyId: string; by: string }>({ level: 'info', message: 'an API key was revoked' }),
})

export type ApiEvents = ReturnType<typeof apiEvents>
