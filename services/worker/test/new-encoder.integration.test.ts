import { readFile } from 'node:fs/promises'
import { blobKeys } from '@takt/blobs'
import type { Job } from '@takt/jobs'
import { type AnyEncoderSpec, importCheckpoint, initialParameters } from '@takt/nn'
import { decodeNpy, decodeSafetensors, type NamedTensors } from '@takt/onnx'
import { openRuntime } from '@takt/runtime'
import { createStationReader, decodeHead } from '@takt/timeline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbedContext, embedSegment } from '../src/embed/embed-segment.ts'
import { createEncoders } from '../src/encoders.ts'
import { fitStationHead } from '../src/fit/fit-station-head.ts'
import { type FilmedStation, startFilmedStation, tinySpec } from './filmed-station.ts'

const stack = new AsyncDisposableStack()
let plant: FilmedStation
let embed: EmbedContext
const added: Job[] = []
beforeAll(async () => {
  plant = stack.use(await startFilmedStation(8))
  const runtime = stack.use(await openRuntime({ provider: 'cpu', threads: 1 }))
  const encoders = stack.use(createEncoders(runtime, 'cpu', plant.blobs))
  embed = { db: plant.db, blobs: plant.blobs, encoders, observe: () => undefined, onDamaged: () => undefined }
  await label()
})
afterAll(() => stack.disposeAsync())

const fit = (head: string) => {
  const jobs = { addBulk: async (many: readonly Job[]) => void added.push(...many) }
  const reader = createStationReader(plant.db, plant.blobs)
  const context = { db: plant.db, blobs: plant.blobs, jobs, reader }
  return fitStationHead(context, head, { signal: new AbortController().signal, nowMs: Date.now() })
}

/** Cycles of two steps, 4 s each, as the segments show one film after the other; picking begins with reaching, 2 s. */
async function label() {
  const at = (seconds: number) => new Date(plant.origin + seconds * 1000)
  const version = { processVersionId: plant.version.id }
  const pick = await plant.db.prisma.step.findFirstOrThrow({ where: { ...version, name: 'pick' } })
  const reach = { ...version, parentId: pick.id, level: 'motion', name: 'reach', position: 0 }
  await plant.db.prisma.step.create({ data: reach })
  const labels = Array.from({ length: 14 }, (_, n) => ({
    step: ['reach', 'pick', 'screw', 'screw'][n % 4]!,
    startsAt: at(2 * n),
    endsAt: at(2 * n + 2),
  }))
  await plant.db.prisma.labelRange.create({
    data: {
      sourceKind: 'station',
      source: plant.station.id,
      startsAt: at(0),
      endsAt: at(28),
      labels: { create: labels },
    },
  })
}

/** A checkpoint of transformers, from packages/nn/golden/foundation.py. */
async function foundation(name: string) {
  const read = (file: string) =>
    readFile(new URL(`../../../packages/nn/golden/foundation/${name}/${file}`, import.meta.url))
  const json = async (file: string): Promise<unknown> => JSON.parse((await read(file)).toString('utf8'))
  const [config, preprocessor] = [await json('config.json'), await json('preprocessor_config.json')]
  return importCheckpoint({ config, preprocessor, tensors: decodeSafetensors(await read('model.safetensors')).tensors })
}

interface Newcomer {
  readonly spec: AnyEncoderSpec
  readonly parameters: NamedTensors
}

/** Makes a head on an encoder that is new to the station, and embeds what that has to be embedded first. */
async function embedUnder(name: string, { spec, parameters }: Newcomer): Promise<string> {
  const encoder = await plant.addEncoder(name, parameters, spec)
  added.length = 0
  const head = await plant.db.prisma.head.create({
    data: { stationId: plant.station.id, encoderId: encoder.id, processVersionId: plant.version.id },
  })
  await expect(fit(head.id)).rejects.toMatchObject({
    code: 'video-not-embedded',
    retryable: true,
    // The last one lies behind the labels: it is embedded too, and not waited for.
    details: { segments: plant.segments.length - 1 },
  })
  const jobs = plant.segments.map(segmentId => ({ kind: 'embed-backfill', args: { segmentId } }))
  expect(added).toHaveLength(jobs.length)
  expect(added).toEqual(expect.arrayContaining(jobs))
  await expect(fit(head.id)).rejects.toMatchObject({ code: 'video-not-embedded' })
  expect(added).toHaveLength(jobs.length)

  for (const segment of plant.segments) expect(await embedSegment(embed, segment, new AbortController().signal)).toBe(1)
  const slots = await plant.db.prisma.embedding.findMany({ where: { encoderId: encoder.id } })
  expect(slots).toHaveLength(plant.segments.length)
  for (const { state, objectKey, stepCount } of slots) {
    const { shape, data } = decodeNpy(await plant.blobs.get(objectKey!))
    expect({ state, shape }).toEqual({ state: 'embedded', shape: [stepCount, 16, spec.dim] })
    expect(new Set(data).size).toBeGreaterThan(100)
  }
  return head.id
}

test.each<readonly [string, () => Promise<Newcomer>]>([
  ['trained from nothing', async () => ({ spec: tinySpec, parameters: initialParameters(tinySpec, 2) })],
  ['of foundation weights', () => foundation('dinov2_with_registers')],
])(
  'a head on an encoder %s that is new to its station has the labelled video embedded under it, and is then fitted',
  async (name, make) => {
    const head = await embedUnder(name, await make())
    await fit(head)
    expect(await plant.db.prisma.head.findUnique({ where: { id: head } })).toMatchObject({
      state: 'ready',
      error: null,
      scores: { classes: ['background', 'pick', 'screw'], motions: ['reach'] },
    })
    const { motions } = decodeHead(head, await plant.blobs.get(blobKeys.headWeights({ head })))
    expect(motions!.tasks.map(({ classIndex, parts }) => [classIndex, parts])).toEqual([[1, ['reach', null]]])
  },
)

test('foundation weights that see clips fill slots as those that see pictures do', async () => {
  await embedUnder('V-JEPA 2', await foundation('vjepa2'))
})
