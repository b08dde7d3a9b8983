import http from 'node:http'
import https from 'node:https'

/** `minio` sets no time limits and shares Node's global agent: this transport gives up a request when no byte came or went for `idleTimeoutMs`. */
export const createTimedTransport = ({
  tls,
  idleTimeoutMs,
}: {
  readonly tls: boolean
  readonly idleTimeoutMs: number
}) => {
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
