import { setPriority } from 'node:os'
import { readFrame, writeFrame } from './frame-sync.ts'
import type { Handler, Handlers } from './handler.ts'
import { onnxSessions } from './onnx-sessions.ts'
import { type ChildOptions, REPLIES, REQUESTS, type Reply, type Request } from './protocol.ts'
import { residentTraining } from './resident-training.ts'

/**
 * The child: serves one request after the other until its parent closes the pipe or is gone.
 * It reads and writes on this thread, which a run blocks anyway.
 */
const options: ChildOptions = JSON.parse(process.argv[2]!)
// The native library's threads are started later, by this one, and inherit it.
if (options.niceness) setPriority(options.niceness)
const handlers: Handlers = { ...onnxSessions(options), ...residentTraining(options) }

// Ctrl-C reaches the whole process group; the parent drains its runs and then closes the pipe.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})

for (let frame = readFrame<Request>(REQUESTS); frame; frame = readFrame<Request>(REQUESTS)) {
  const { reply, payloads } = await serve(frame.message, frame.payloads)
  writeFrame(REPLIES, { message: reply, payloads })
}

async function serve(request: Request, payloads: readonly Uint8Array[]): Promise<Served> {
  try {
    const handler = handlers[request.kind] as Handler<Request['kind']>
    const { value, payloads: outputs = [] } = await handler(request, payloads)
    return { reply: { ok: true, value, cpuSeconds: cpuSeconds() }, payloads: outputs }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { reply: { ok: false, message, cpuSeconds: cpuSeconds() }, payloads: [] }
  }
}

interface Served {
  readonly reply: Reply
  readonly payloads: readonly Uint8Array[]
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}
