import { readdir, readFile } from 'node:fs/promises'
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

/** Arguments and environment of the processes that work in `directory`, as any of the host's users might read them. */
async function readAllProcesses(directory: string): Promise<readonly string[]> {
  const { readlink } = await import('node:fs/promises')
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
