import { openBlobStore } from '@takt/blobs'
import { openDatabase } from '@takt/db'
import { serveSegmentation } from '@takt/rpc'
import { defineService, sleep } from '@takt/service'
import { createStationReader } from '@takt/timeline'
import { environment } from './config.ts'
import { segmenterEvents } from './events.ts'
import { createHandlers } from './handlers.ts'
import { createHints } from './hints.ts'
import { createReleases } from './released.ts'
import { createWatching } from './watching.ts'

/** Turns embeddings into step intervals. It keeps nothing: any replica serves any cursor. */
export const segmenter = defineService({
  name: 'segmenter',
  version: '0.1.0',
  environment,
  health: 'listener',
  start: async context => {
    const { config, metrics } = context
    const events = segmenterEvents(context.logger)
    const db = openDatabase({ url: config.DATABASE_URL.reveal() })
    context.defer('database', () => db[Symbol.asyncDispose]())
    const blobs = await openBlobStore(
      config.OBJECT_STORE_URL,
      config.OBJECT_STORE_ACCESS_KEY && config.OBJECT_STORE_SECRET_KEY
        ? { accessKey: config.OBJECT_STORE_ACCESS_KEY, secretKey: config.OBJECT_STORE_SECRET_KEY }
        : undefined,
    )
    context.defer('object store', () => blobs[Symbol.asyncDispose]())
    context.health.addCheck('database', db.check)
    context.health.addCheck('object store', blobs.check)

    const hints = createHints(db)
    context.background('hints', async signal => {
      while (!signal.aborted) {
        await hints.run(signal).catch(error => events.hintsLost({ error }))
        await sleep(1000, signal)
      }
    })
    const handlers = createHandlers({
      reader: createStationReader(db, blobs),
      release: createReleases(db, blobs),
      watching: createWatching(metrics, events, config.MAX_STREAMS),
      subscribe: hints.subscribe,
      pollMs: config.POLL_INTERVAL,
      onWindow: events.windowDecoded,
    })
    const server = await serveSegmentation(config.GRPC_ADDRESS, {
      ...handlers,
      onError: (error, call) => events.callFailed({ call, error }),
    })
    context.stopIntake('gRPC', () => server[Symbol.asyncDispose]())
    server.setServing(true)
    events.listening({ address: config.GRPC_ADDRESS, port: server.port })
    context.ready()
  },
})
