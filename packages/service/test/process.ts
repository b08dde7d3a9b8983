import { z } from 'zod'
import { secretUrl } from '../src/config-fields.ts'
import { defineService, runService } from '../src/lifecycle.ts'

/** A service in a process of its own, whose MODE says how it ends. */
await runService(
  defineService({
    name: 'process',
    version: '1.0.0',
    environment: z.object({ MODE: z.string(), DATABASE_URL: secretUrl(['postgres:']) }),
    health: 'listener',
    start: async ({ config, logger, defer, drain, ready }) => {
      const alive = setInterval(() => undefined, 1000)
      defer('timer', () => clearInterval(alive))
      if (config.MODE === 'fail') throw new Error(`cannot reach ${config.DATABASE_URL.reveal()}`)
      if (config.MODE === 'hang') drain('hanging', () => new Promise(() => undefined))
      if (config.MODE === 'throw')
        setTimeout(() => {
          throw new Error(`lost ${config.DATABASE_URL.reveal()}`)
        }, 10)
      if (config.MODE === 'reject') setTimeout(() => void Promise.reject(new Error('nobody waits for this')), 10)
      ready()
      logger.info({ event: 'up' }, 'up')
    },
  }),
)
