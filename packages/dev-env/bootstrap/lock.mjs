import { createHash } from 'node:crypto'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const RETRY_MS = 300
const ANSWER_WITHIN_MS = 1000

/**
 * Takes a lock on this machine by listening on an abstract socket: the kernel frees it when the holder dies, however it dies.
 * @param {string} subject what is locked, such as a path
 * @returns {Promise<{ release: () => Promise<void> } | { heldBy: number | undefined }>} `heldBy` is the holder's pid, if it tells
 */
export const takeLock = async subject => {
  const address = `\0takt-${createHash('sha256').update(subject).digest('hex').slice(0, 32)}`
  const server = createServer(socket => socket.on('error', () => socket.destroy()).end(String(process.pid)))
  const taken = await listen(server, address)
  if (!taken) return { heldBy: await askHolder(address) }
  server.unref()
  return { release: () => new Promise(resolve => server.close(() => resolve())) }
}

/**
 * Waits for the lock; `onWait` is called once when someone else holds it.
 * @param {string} subject
 * @param {(heldBy: number | undefined) => void} onWait
 */
export const waitForLock = async (subject, onWait) => {
  let told = false
  for (;;) {
    const lock = await takeLock(subject)
    if ('release' in lock) return lock
    if (!told) onWait(lock.heldBy)
    told = true
    await sleep(RETRY_MS)
  }
}

/**
 * @param {import('node:net').Server} server
 * @param {string} address
 * @returns {Promise<boolean>} false when someone else listens there
 */
const listen = (server, address) =>
  new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen(address, () => resolve(true))
  })

/**
 * @param {string} address
 * @returns {Promise<number | undefined>}
 */
const askHolder = address =>
  new Promise(resolve => {
    let answer = ''
    const socket = connect(address)
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy())
    socket.on('data', data => {
      answer += data
    })
    socket.on('error', () => resolve(undefined))
    socket.on('close', () => resolve(/^\d+$/.test(answer) ? Number(answer) : undefined))
  })
