import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type CapturedSegment,
  type CaptureOptions,
  type CaptureOutcome,
  capture,
  ntpToUnixMicros,
} from '../src/index.ts'
import { encodeFixture } from './encode-fixture.ts'
import { freePort, type RtspCamera, startCamera } from './rtsp-camera.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

const USER = 'canary-user'
const PASSWORD = 'canary p@ss'
const WRITTEN_PASSWORD = encodeURIComponent(PASSWORD)
const QUERY_SECRET = 'canary-token'

let fixtures: TemporaryDirectory
let camera: RtspCamera

beforeAll(async () => {
  fixtures = await temporaryDirectory()
  await encodeFixture({ output: fixtures.file('h264.mp4'), seconds: 10 })
  await encodeFixture({
    output: fixtures.file('mjpeg.mkv'),
    seconds: 4,
    encoder: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'],
  })
  camera = await startCamera({ file: fixtures.file('h264.mp4'), credentials: [USER, PASSWORD] })
})

afterAll(async () => {
  await camera[Symbol.asyncDispose]()
  await fixtures[Symbol.asyncDispose]()
})

type Recording = {
  readonly segments: CapturedSegment[]
  readonly unreadable: string[]
  readonly controller: AbortController
  readonly spool: TemporaryDirectory
  readonly outcome: Promise<CaptureOutcome>
}

async function record(options: Partial<CaptureOptions>, onSegment?: (count: number) => void): Promise<Recording> {
  const spool = await temporaryDirectory()
  const controller = new AbortController()
  const segments: CapturedSegment[] = []
  const unreadable: string[] = []
  const outcome = capture({
    url: cameraUrl(),
    transport: 'tcp',
    directory: spool.path,
    prefix: 'session-',
    segmentSeconds: 1,
    signal: controller.signal,
    onSegment(segment) {
      segments.push(segment)
      onSegment?.(segments.length)
    },
    onUnreadable: file => unreadable.push(file.error.code),
    ...options,
  })
  return { segments, unreadable, controller, spool, outcome }
}

const cameraUrl = ({ user = USER, password = WRITTEN_PASSWORD, path = '/cam', port = camera.port } = {}) =>
  `rtsp://${user}:${password}@127.0.0.1:${port}${path}?token=${QUERY_SECRET}`

function expectNoSecrets(value: unknown): void {
  const text = JSON.stringify(value)
  for (const secret of [USER, PASSWORD, WRITTEN_PASSWORD, QUERY_SECRET, 'canary']) expect(text).not.toContain(secret)
}

describe('a camera with digest authentication', () => {
  test.each(['tcp', 'udp'] as const)('is captured over %s in segments that meet end to start', async transport => {
    let recording: Recording | undefined
    recording = await record({ transport }, count => count === 4 && recording?.controller.abort())
    await using _spool = recording.spool
    const outcome = await recording.outcome
    const { segments } = recording

    expect(outcome.kind).toBe('aborted')
    expect(segments.length).toBeGreaterThanOrEqual(4)
    expect(outcome.segments).toBe(segments.length)
    expect(segments[0]!.startSeconds).toBe(0)
    for (const [index, segment] of segments.entries()) {
      expect(segment.sequence).toBe(index)
      expect(segment.facts).toMatchObject({
        codec: 'h264',
        width: 160,
        height: 120,
        timescale: 90_000,
        keyframeFirst: true,
      })
      if (index > 0) expect(segment.startSeconds).toBe(segments[index - 1]!.endSeconds)
      expect(segment.facts.durationTicks / 90_000).toBeCloseTo(segment.endSeconds - segment.startSeconds, 4)
      expect(segment.facts.frames / 25).toBeCloseTo(segment.endSeconds - segment.startSeconds, 1)
    }
  })

  test('stamps each fragment with a producer time of this host, which is also the camera here', async () => {
    let recording: Recording | undefined
    recording = await record({}, count => count === 2 && recording?.controller.abort())
    await using _spool = recording.spool
    await recording.outcome
    for (const { facts, closedAtMs } of recording.segments) {
      for (const { prft } of facts.fragments) {
        const unixMs = Number(ntpToUnixMicros(prft!.ntp)) / 1_000
        expect(Math.abs(unixMs - closedAtMs)).toBeLessThan(30_000)
      }
    }
  })

  test('announces the running segment when it is aborted in its middle, and leaves no file unannounced', async () => {
    let recording: Recording | undefined
    recording = await record({}, count => count === 1 && setTimeout(() => recording?.controller.abort(), 500))
    await using spool = recording.spool
    const outcome = await recording.outcome
    const files = (await readdir(spool.path)).filter(name => name.endsWith('.mp4'))
    expect(outcome.kind).toBe('aborted')
    expect(recording.segments.length).toBeGreaterThanOrEqual(2)
    expect(recording.segments.length + recording.unreadable.length).toBe(files.length)
    expect(recording.segments.at(-1)!.facts.frames).toBeGreaterThan(0)
  })

  test('keeps its credentials out of every process argument, and its environment', async () => {
    const seen: string[] = []
    let recording: Recording | undefined
    recording = await record({}, () => {
      void readAllProcesses(recording!.spool.path).then(texts => {
        seen.push(...texts)
        recording!.controller.abort()
      })
    })
    await using _spool = recording.spool
    await recording.outcome
    expect(seen.length).toBeGreaterThan(0)
    expectNoSecrets(seen)
  })

  test('refuses a wrong password by name', async () => {
    const recording = await record({ url: cameraUrl({ password: 'canary-wrong' }) })
    await using _spool = recording.spool
    const outcome = await recording.outcome
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'unauthorized', segments: 0 })
    expect(outcome.detail).toContain('401')
    expectNoSecrets(outcome)
  })

  test('refuses a wrong path by name', async () => {
    const recording = await record({ url: cameraUrl({ path: '/elsewhere' }) })
    await using _spool = recording.spool
    const outcome = await recording.outcome
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'not-found', segments: 0 })
    expectNoSecrets(outcome)
  })
})

test('a host that does not listen refuses the connection', async () => {
  const recording = await record({ url: cameraUrl({ port: await freePort() }) })
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome).toMatchObject({ kind: 'refused', reason: 'connection-refused' })
  expectNoSecrets(outcome)
})

test('a host name that does not resolve is unreachable', async () => {
  const recording = await record({ url: `rtsp://${USER}:${WRITTEN_PASSWORD}@camera.invalid/cam` })
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome).toMatchObject({ kind: 'unreachable', reason: 'unknown-host' })
  expectNoSecrets(outcome)
})

test('a camera that is killed in mid-segment ends the session and keeps what had come', async () => {
  await using doomed = await startCamera({ file: fixtures.file('h264.mp4') })
  const recording = await record(
    { url: `rtsp://127.0.0.1:${doomed.port}/cam`, timeoutMs: 1_000 },
    count => count === 2 && doomed.process.kill('SIGKILL'),
  )
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome.kind).toBe('ended')
  expect(recording.segments.length).toBeGreaterThanOrEqual(2)
})

test('a camera that falls silent, its connection open, is stalled and its child is reaped', async () => {
  await using frozen = await startCamera({ file: fixtures.file('h264.mp4') })
  const recording = await record(
    { url: `rtsp://127.0.0.1:${frozen.port}/cam`, timeoutMs: 60_000, stallMs: 4_000 },
    count => count === 1 && frozen.process.kill('SIGSTOP'),
  )
  await using spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome).toMatchObject({ kind: 'stalled', reason: 'no-segment' })
  expect(await readAllProcesses(spool.path)).toEqual([])
})

test('a host that accepts and never answers is unreachable', async () => {
  await using host = await listen(() => {})
  const recording = await record({ url: cameraUrl({ port: host.port }), timeoutMs: 500 })
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome).toMatchObject({ kind: 'unreachable', reason: 'no-answer', segments: 0 })
  expectNoSecrets(outcome)
})

test('a host that answers without end and without sense is given up by the watchdog, its noise bounded', async () => {
  await using host = await listen(socket => {
    const chatter = setInterval(() => socket.write(`canary ${'x'.repeat(20_000)}\r\n`), 5)
    socket.on('close', () => clearInterval(chatter))
  })
  const recording = await record({ url: cameraUrl({ port: host.port }), timeoutMs: 60_000, stallMs: 1_500 })
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(['stalled', 'unreachable']).toContain(outcome.kind)
  expect(outcome.detail.length).toBeLessThan(100_000)
  expectNoSecrets(outcome)
})

test('an abort while the camera has not answered yet ends at once', async () => {
  await using host = await listen(() => {})
  const recording = await record({ url: cameraUrl({ port: host.port }), timeoutMs: 60_000 })
  await using spool = recording.spool
  setTimeout(() => recording.controller.abort(), 300)
  expect(await recording.outcome).toMatchObject({ kind: 'aborted', segments: 0 })
  expect(await readAllProcesses(spool.path)).toEqual([])
})

test('a session that joins a running camera between key frames starts at its own first picture', async () => {
  await using shared = await startCamera({ file: fixtures.file('h264.mp4') })
  const url = `rtsp://127.0.0.1:${shared.port}/cam`
  const first = await record({ url })
  await new Promise(resolve => setTimeout(resolve, 1_400))
  let second: Recording | undefined
  second = await record({ url }, count => count === 2 && second?.controller.abort())
  await using _firstSpool = first.spool
  await using _secondSpool = second.spool
  await second.outcome
  first.controller.abort()
  await first.outcome
  for (const { facts, startSeconds, endSeconds } of [...first.segments, ...second.segments]) {
    expect(facts.durationTicks / facts.timescale).toBeCloseTo(endSeconds - startSeconds, 4)
  }
})

test('a callback that throws ends the capture with its error, and the child', async () => {
  const recording = await record({}, () => {
    throw new Error('the caller is at fault')
  })
  await using spool = recording.spool
  await expect(recording.outcome).rejects.toThrow('the caller is at fault')
  expect(await readAllProcesses(spool.path)).toEqual([])
})

test('a capture whose process is killed does not go on without it', async () => {
  await using spool = await temporaryDirectory()
  const script = fileURLToPath(new URL('./capture-until-killed.ts', import.meta.url))
  const parent = spawn(process.execPath, [script, cameraUrl(), spool.path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(parent.stdout, 'data')
  const children = () => readAllProcesses(spool.path)
  expect(await children()).not.toEqual([])
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  await expect.poll(children, { timeout: 10_000 }).toEqual([])
})

test('a motion JPEG camera is of the wrong codec', async () => {
  await using jpeg = await startCamera({ file: fixtures.file('mjpeg.mkv') })
  const recording = await record({ url: `rtsp://127.0.0.1:${jpeg.port}/cam` })
  await using _spool = recording.spool
  const outcome = await recording.outcome
  expect(outcome.kind).toBe('wrong-codec')
  expect(recording.segments).toEqual([])
})

test('a spool directory that does not exist is a failure of this side and says why', async () => {
  const recording = await record({ directory: fixtures.file('absent') })
  await using _spool = recording.spool
  await expect(recording.outcome).rejects.toMatchObject({ code: 'ffmpeg-unavailable' })
})

/** A TCP server on a free port that does with each connection what it is told. */
async function listen(onConnection: (socket: Socket) => void): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()) // the peer is killed in mid-sentence here
    onConnection(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Arguments and environment of the processes that work in `directory`, as any of the host's users might read them. */
async function readAllProcesses(directory: string): Promise<readonly string[]> {
  const texts = await Promise.all(
    (await readdir('/proc'))
      .filter(name => /^\d+$/.test(name))
      .map(async pid => {
        try {
          if ((await readlink(`/proc/${pid}/cwd`)) !== directory) return []
          return [await readFile(`/proc/${pid}/cmdline`, 'utf8'), await readFile(`/proc/${pid}/environ`, 'utf8')]
        } catch {
          return [] // the process ended meanwhile, or belongs to another user
        }
      }),
  )
  return texts.flat()
}
