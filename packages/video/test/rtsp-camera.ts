import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** Debian's own interpreter: GStreamer's bindings are installed for it alone. */
const SYSTEM_PYTHON = '/usr/bin/python3'
const SCRIPT = fileURLToPath(new URL('./rtsp-camera.py', import.meta.url))

export type RtspCamera = AsyncDisposable & {
  readonly port: number
  readonly process: ChildProcess
}

export type CameraOptions = {
  readonly file: string
  readonly framesPerSecond?: number
  readonly credentials?: readonly [user: string, password: string]
}

/** Serves a file as the live camera rtsp://127.0.0.1:port/cam; resolves when it accepts connections. */
export async function startCamera({
  file,
  framesPerSecond = 25,
  credentials = [] as never,
}: CameraOptions): Promise<RtspCamera> {
  const port = await freePort()
  const process = spawn(SYSTEM_PYTHON, [SCRIPT, String(port), file, String(framesPerSecond), ...credentials], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    if (process.exitCode !== null || process.signalCode !== null) return
    process.kill('SIGKILL')
    await once(process, 'exit')
  }
  const [first] = await Promise.race([once(process.stdout!, 'data'), once(process, 'exit')])
  if (!String(first).startsWith('ready')) throw new Error(`the test camera ended with ${first}`)
  return { port, process, [Symbol.asyncDispose]: stop }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the probe server has no port')
  return address.port
}
