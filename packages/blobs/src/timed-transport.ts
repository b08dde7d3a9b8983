import http from 'node:http'
import https from 'node:https'

/** No byte in either direction for this long, and the request is given up. */
export const idleTimeoutMs = 20_000

/** `minio` sets no time limits and shares Node's global agent: this transport gives every request an idle limit and its own agent. */
export const createTimedTransport = (tls: boolean) => {
  const { request, Agent } = tls ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: idleTimeoutMs })
  return {
    agent,
    transport: {
      request: (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
        const sent = request({ ...options, timeout: idleTimeoutMs }, onResponse)
        sent.on('timeout', () =>
          sent.destroy(Object.assign(new Error(`no byte for ${idleTimeoutMs} ms`), { code: 'ETIMEDOUT' })),
        )
        return sent
      },
    },
  }
}
