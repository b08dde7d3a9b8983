import type { ServerResponse } from 'node:http'
import { listChanges } from '@takt/db/listing'
import { sleep } from '@takt/service'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { apiError } from '../../errors.ts'
import { media, problems } from '../../http/answers.ts'
import { checkToken, readToken, tokenAt } from './feed-token.ts'

/** How often the feed is looked at, and how often a quiet stream shows that it lives, ms. */
const lookEveryMs = 500
const heartbeatMs = 15_000
/** Changes that a stream reads at once: it holds no more, however slow its reader. */
const pageSize = 100
/** Streams side by side in one process. */
const mostStreams = 200

export const changeStreamRoutes: Routes = (app, context) => {
  let streams = 0
  app.get(
    '/changes/stream',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['changes'],
        summary: 'Follow every change as server-sent events',
        description:
          'Events named `change` with what `/v1/changes` lists as data and the place in the feed as id; a reader that reconnects sends it as `Last-Event-ID` and misses nothing. Without a place it starts now. Comments show that a quiet stream lives. An event `restart-needed` ends a stream whose feed was restored.',
        querystring: z.strictObject({ after: z.string().max(200).optional() }),
        headers: z.object({ 'last-event-id': z.string().max(200).optional() }),
        response: { 200: media('text/event-stream', 'The stream.'), ...problems },
      },
    },
    async (request, reply) => {
      const place = request.headers['last-event-id'] || request.query.after
      const token = place ? readToken(place) : null
      const { feed } = await listChanges(context.db, { after: 0n, limit: 1 })
      if (token) checkToken(token, feed)
      if (streams >= mostStreams) throw apiError('too-many-streams', { most: mostStreams })
      streams++
      reply.hijack()
      const closed = new AbortController()
      reply.raw.once('close', () => closed.abort())
      reply.raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      try {
        await stream(context, {
          to: reply.raw,
          epoch: feed.epoch,
          from: token?.seq ?? feed.lastSeq,
          mayRead: async () => void (await context.callers.find(request.headers.authorization)),
          signal: AbortSignal.any([closed.signal, context.signal]),
        })
      } catch (error) {
        // The head is sent: all that is left is to end, and the reader comes back where it was.
        context.events.streamFailed({ error })
      } finally {
        streams--
        reply.raw.end()
      }
    },
  )
}

async function stream(
  { db }: RouteContext,
  reader: {
    readonly to: ServerResponse
    readonly epoch: string
    readonly from: bigint
    /** Throws once the reader's key is no longer good. */
    readonly mayRead: () => Promise<void>
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { to, signal } = reader
  let { from } = reader
  let sinceMs = 0
  await write(to, ': the feed of changes\n\n', signal)
  while (!signal.aborted) {
    const { feed, changes } = await listChanges(db, { after: from, limit: pageSize })
    if (feed.epoch !== reader.epoch || from < feed.prunedThrough)
      return write(to, 'event: restart-needed\ndata: {}\n\n', signal)
    for (const { seq, ...change } of changes) {
      await write(to, `id: ${tokenAt(feed, seq)}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`, signal)
      if (signal.aborted) return
      from = seq
    }
    if (changes.length === pageSize) continue
    sinceMs += lookEveryMs
    if (sinceMs >= heartbeatMs) {
      await reader.mayRead()
      await write(to, ':\n\n', signal)
      sinceMs = 0
    }
    await sleep(lookEveryMs, signal)
  }
}

/** Writes and waits until the reader has taken enough of it. */
const write = (to: ServerResponse, text: string, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted || to.write(text)) return resolve()
    const end = () => {
      to.off('drain', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    to.once('drain', end)
    signal.addEventListener('abort', end)
  })
