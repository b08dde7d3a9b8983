import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { devEnvError } from './errors.ts'

// Below the ports that Linux gives to outgoing connections (32768 and up): none of those can take it before it is used.
const firstPort = 20_000
const endPort = 32_000
const attempts = 50

/** A TCP port of 127.0.0.1 on which nobody listens now; random, so that copies side by side do not meet. */
export const freePort = async (): Promise<number> => {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = randomInt(firstPort, endPort)
    if (await isFree(port)) return port
  }
  throw devEnvError('no-free-port', { tried: attempts })
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  })
