import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Secret } from '@takt/service'
import { afterEach, describe, expect, it } from 'vitest'
import type { BlobStore } from './blob-store.ts'
import { openS3Store } from './s3-store.ts'

const secretKey = new Secret('hunter22-secret')
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

/** A server that misbehaves as told, in ways a well-kept one cannot be made to. */
const against = async (listener: RequestListener): Promise<BlobStore> => {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return openAt((server.address() as AddressInfo).port)
}

const openAt = (port: number) =>
  openS3Store({
    host: '127.0.0.1',
    port,
    tls: false,
    region: 'us-east-1',
    bucket: 'takt',
    accessKey: 'AK',
    secretKey,
    idleTimeoutMs: 200,
  })

const calls: readonly [string, (store: BlobStore) => Promise<unknown>][] = [
  ['check', store => store.check()],
  ['get', store => store.get('a')],
  ['put', store => store.put('a', new Uint8Array(100_000))],
  ['put with ifAbsent', store => store.put('a', new Uint8Array(10), { ifAbsent: true })],
  ['stat', store => store.stat('a')],
  ['remove', store => store.remove('a')],
  ['stream', async store => buffer((await store.stream('a')).body)],
  ['list', async store => Array.fromAsync(store.list(''))],
]

const s3Error = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>x</Message></Error>`

const answer =
  (status: number, body = ''): RequestListener =>
  (request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/xml' }).end(request.method === 'HEAD' ? '' : body)
  }

describe.each(calls)('%s', (_, call) => {
  it('finds a server that refuses the connection unreachable, which may pass', async () => {
    const store = await against(() => undefined)
    const server = servers.pop()!
    server.close()
    await once(server, 'close')
    await expect(call(store)).rejects.toMatchObject({
      code: 'blob-store-unreachable',
      retryable: true,
      details: { reason: 'ECONNREFUSED' },
    })
  })

  it('waits no longer than its limit for a server that says nothing', async () => {
    const store = await against(() => undefined)
    await expect(call(store)).rejects.toMatchObject({
      code: 'blob-store-unreachable',
      retryable: true,
      details: { reason: 'ETIMEDOUT' },
    })
  })

  it('finds a server that hangs up unreachable', async () => {
    const store = await against(request => request.socket.destroy())
    await expect(call(store)).rejects.toMatchObject({ code: 'blob-store-unreachable', retryable: true })
  })

  it.each([500, 502, 503, 504, 429])('takes HTTP %d for a fault that may pass', async status => {
    const store = await against(answer(status, s3Error('SlowDown')))
    await expect(call(store)).rejects.toMatchObject({ code: 'blob-store-busy', retryable: true })
  })

  it('takes HTTP 403 for refused credentials, which do not mend themselves, and names no secret', async () => {
    const store = await against(answer(403, s3Error('SignatureDoesNotMatch')))
    const error = await call(store).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'blob-store-denied', retryable: false })
    expect(String(error) + JSON.stringify(error)).not.toContain('hunter22')
  })

  it('gives an answer that is not S3 a designed error', async () => {
    const store = await against(answer(400, '<html>&bad; <b>proxy</html>'))
    await expect(call(store)).rejects.toMatchObject({ name: 'TaktError', code: 'blob-store-failed' })
  })
})

describe('an S3 store', () => {
  it('does not take half an object for a whole one', async () => {
    const store = await against((_, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('half', () => response.destroy())
    })
    await expect(store.get('a')).rejects.toMatchObject({ code: 'blob-store-unreachable', retryable: true })
    const { body, size } = await store.stream('a')
    expect(size).toBe(1000)
    await expect(buffer(body)).rejects.toMatchObject({ code: 'blob-store-unreachable' })
  })

  it('hangs up when a reader leaves before the first byte', async () => {
    const closed = Promise.withResolvers<void>()
    const store = await against((_, response) => {
      response.on('close', () => closed.resolve())
      response.writeHead(200, { 'content-length': '1000' }).flushHeaders()
    })
    const { body } = await store.stream('a')
    body.destroy()
    await closed.promise
  })

  it('keeps its secret from everything that prints it', async () => {
    expect(JSON.stringify(openAt(1))).not.toContain('hunter22')
  })
})
