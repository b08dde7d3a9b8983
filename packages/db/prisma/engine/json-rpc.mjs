import { createInterface } from 'node:readline'

/** Serves JSON-RPC, one message a line and one at a time, until the input ends. */
export async function serveJsonRpc(input, output, open) {
  let engine
  const send = message => output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  for await (const line of createInterface({ input })) {
    const { id, method, params } = JSON.parse(line)
    if (!method) continue
    try {
      engine ??= await open()
      const result = await engine[method](params)
      // The CLI prints a diff from a request of the engine's own.
      if (method === 'diff' && result.stdout != null)
        send({ id: 0, method: 'print', params: { content: result.stdout } })
      send({ id, result: result ?? {} })
    } catch (error) {
      const data = { is_panic: false, message: error.message, error_code: error.code, meta: error.meta ?? {} }
      send({ id, error: { code: 4466, message: error.message, data } })
    }
  }
  process.exit(0)
}
