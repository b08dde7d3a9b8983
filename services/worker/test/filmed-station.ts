import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { blobKeys, openBlobStore } from '@takt/blobs'
import { migrate, openDatabase } from '@takt/db'
import { startPostgres } from '@takt/dev-env'
import { type AnyEncoderSpec, type EncoderSpec, initialParameters } from '@takt/nn'
import { encodeSafetensors, type NamedTensors } from '@takt/onnx'

const run = promisify(execFile)

/** Small enough for hundreds of steps a test. */
export const tinySpec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 64,
  frames: 16,
  tubelet: 2,
  patch: 16,
  dim: 16,
  depth: 1,
  heads: 1,
  grid: 4,
}

/** Postgres and a directory of objects, with a station whose one view has been filmed and embedded for a while. */
export async function startFilmedStation(segmentCount = 4) {
  const stack = new AsyncDisposableStack()
  const stateDir = await mkdtemp(join(tmpdir(), 'takt-worker-'))
  stack.defer(() => rm(stateDir, { recursive: true, force: true }))
  const postgres = stack.use(await startPostgres({ stateDir, durability: 'fast' }))
  await migrate(postgres.url)
  const db = stack.use(openDatabase({ url: postgres.url, connections: 20 }))
  const objects = pathToFileURL(join(stateDir, 'objects'))
  const blobs = stack.use(await openBlobStore(objects))

  const addEncoder = async (
    name: string,
    weights: NamedTensors = initialParameters(tinySpec, 1),
    spec: AnyEncoderSpec = tinySpec,
  ) => {
    const id = crypto.randomUUID()
    const weightsKey = blobKeys.encoderWeights({ encoder: id })
    await blobs.put(weightsKey, encodeSafetensors({ tensors: weights, metadata: {} }))
    return db.prisma.encoder.create({ data: { id, name, method: 'untrained', spec: { ...spec }, weightsKey } })
  }
  const encoder = await addEncoder('parent')
  const camera = await db.prisma.camera.create({
    data: { name: 'camera', urlSealed: new Uint8Array(1), urlShown: 'rtsp://camera/1' },
  })
  const process = await db.prisma.process.create({ data: { name: 'assembly' } })
  const version = await db.prisma.processVersion.create({
    data: { processId: process.id, version: 1, validFrom: new Date(0) },
  })
  for (const [position, name] of ['pick', 'screw'].entries())
    await db.prisma.step.create({
      data: { processVersionId: version.id, level: 'task', name, position, opensCycle: position === 0 },
    })
  const station = await db.prisma.station.create({ data: { name: 'bench', processId: process.id } })
  const view = await db.prisma.view.create({ data: { stationId: station.id, name: 'front' } })
  const revision = await db.prisma.viewRevision.create({
    data: { viewId: view.id, cameraId: camera.id, validFrom: new Date(0) },
  })
  const session = crypto.randomUUID()
  const origin = Date.now() - 3_600_000
  await db.prisma.session.create({ data: { id: session, cameraId: camera.id, startedAt: new Date(origin) } })

  const file = join(stateDir, 'segment.mp4')
  const addSegment = async (n: number) => {
    const objectKey = blobKeys.segment({ camera: camera.id, session, sequence: n })
    const source = n % 2 === 0 ? 'testsrc2' : 'testsrc'
    const film = ['-f', 'lavfi', '-i', `${source}=s=160x120:r=12`, '-t', '4', '-pix_fmt', 'yuv420p']
    const format = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-movflags', '+frag_keyframe+empty_moov']
    await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-threads', '1', ...film, ...format, file])
    await blobs.put(objectKey, { path: file })
    const span = {
      cameraId: camera.id,
      startsAt: new Date(origin + 4000 * n),
      endsAt: new Date(origin + 4000 * n + 4000),
    }
    const segment = await db.prisma.segment.create({
      data: {
        ...span,
        ...{ sessionId: session, sequence: n, mediaStartTicks: BigInt(n * 360_000), durationTicks: 360_000n },
        ...{ timescale: 90_000, closedAt: span.endsAt, clockSource: 'sender-report', absoluteErrorMs: 20 },
        ...{ objectKey, bytes: 1n, codec: 'h264', width: 160, height: 120 },
      },
    })
    await db.prisma.coverage.create({ data: { ...span, state: 'observed', segmentId: segment.id } })
    await db.prisma.embedding.create({
      data: {
        ...{ viewRevisionId: revision.id, encoderId: encoder.id, segmentId: segment.id, state: 'embedded' },
        ...{ objectKey: 'e', firstStep: n * 16, stepCount: 16, embeddedAt: span.endsAt },
      },
    })
    return segment.id
  }
  const segments: string[] = []
  for (let n = 0; n < segmentCount; n++) segments.push(await addSegment(n))

  return {
    ...{ db, blobs, stateDir, objects, databaseUrl: postgres.url },
    ...{ encoder, station, version, view, revision, segments, origin, addEncoder },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export type FilmedStation = Awaited<ReturnType<typeof startFilmedStation>>
