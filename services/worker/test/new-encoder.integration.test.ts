import type { Job } from '@takt/jobs'
import { initialParameters } from '@takt/nn'
import { openRuntime } from '@takt/runtime'
import { createStationReader } from '@takt/timeline'
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
})
afterAll(() => stack.disposeAsync())

const fit = (head: string) => {
  const jobs = { addBulk: async (many: readonly Job[]) => void added.push(...many) }
  const reader = createStationReader(plant.db, plant.blobs)
  const context = { db: plant.db, blobs: plant.blobs, jobs, reader }
  return fitStationHead(context, head, { signal: new AbortController().signal, nowMs: Date.now() })
}

/** Two cycles of two steps, 4 s each: as the segments show one film after the other. */
async function label() {
  const at = (seconds: number) => new Date(plant.origin + seconds * 1000)
  const labels = Array.from({ length: 7 }, (_, n) => ({
    step: n % 2 === 0 ? 'pick' : 'screw',
    startsAt: at(4 * n),
    endsAt: at(4 * n + 4),
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

test('a head on an encoder that is new to its station has the labelled video embedded under it, and is then fitted', async () => {
  await label()
  const encoder = await plant.addEncoder('adapted', initialParameters(tinySpec, 2))
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
  await fit(head.id)
  expect(await plant.db.prisma.head.findUnique({ where: { id: head.id } })).toMatchObject({
    state: 'ready',
    error: null,
  })
})
