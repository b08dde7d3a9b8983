import { constant, float32, mean, scalar, type Tensor } from '@takt/graph'
import { random, standardiseColumns } from '@takt/nn'
import { openRuntime, type Runtime } from '@takt/runtime'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { evaluate } from '../test/evaluate.ts'
import { barlowTwinsLoss } from './barlow-twins.ts'
import { centredTargets, crossEntropy, nextCentre } from './dino.ts'
import { sinkhornTargets } from './dino-v2.ts'
import { groupCount, levels } from './levels.ts'
import { mocoV3Loss } from './moco-v3.ts'
import { ntXent } from './sim-clr.ts'
import { simSiamLoss } from './sim-siam.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

let runtime: Runtime
beforeAll(async () => {
  runtime = await openRuntime({ provider: 'cpu', threads: 1 })
})
afterAll(() => runtime[Symbol.asyncDispose]())

const [BATCH, TIMES, PLACES, DIM] = [4, 2, 3, 5]
const spec = {
  architecture: 'video-vit',
  inputSize: 8,
  frames: 4,
  tubelet: 2,
  patch: 1,
  dim: DIM,
  depth: 1,
  heads: 1,
} as const

test('a level has a group for each time and place, in which every clip is once; or one of whole clips', async () => {
  const numbers = Array.from({ length: BATCH * TIMES * PLACES * DIM }, (_, i) => i)
  const features = constant(float32([BATCH, TIMES, PLACES, DIM], numbers))
  const found = await evaluate(runtime, { place: levels.place(features), clip: levels.clip(features) })
  const at = (group: number, clip: number) =>
    found.place!.slice((group * BATCH + clip) * DIM, (group * BATCH + clip + 1) * DIM)
  expect(at(0, 1)).toEqual([30, 31, 32, 33, 34])
  expect(at(5, 0)).toEqual([25, 26, 27, 28, 29])
  expect(found.clip!.slice(0, 2)).toEqual([12.5, 13.5])
  expect(groupCount('place', { ...spec, grid: 2 })).toBe(8)
  expect(groupCount('clip', { ...spec, grid: 2 })).toBe(1)
})

/** What an encoder that knew nothing but when and where would say: another vector at each time and place, for all clips. */
function placeOnly(): Tensor {
  const next = random(1, 'places')
  const own = Array.from({ length: TIMES * PLACES }, () => Array.from({ length: DIM }, () => 2 * next() - 1))
  const features = Array.from({ length: BATCH }, () => own.flat()).flat()
  return levels.place(constant(float32([BATCH, TIMES, PLACES, DIM], features)))
}

test('to know nothing but time and place is worth nothing under any method', async () => {
  const [z, temperature] = [placeOnly(), 0.2]
  const centre = nextCentre(
    constant(float32([TIMES * PLACES, 1, DIM], new Array(TIMES * PLACES * DIM).fill(0))),
    [z],
    0,
  )
  const said = (targets: Tensor) => mean(crossEntropy(targets, z, 1), [0, 1])
  const centred = centredTargets(z, centre, scalar(0.05))
  const shared = sinkhornTargets(z, scalar(0.05))
  const found = await evaluate(runtime, {
    ntXent: ntXent([z, z], temperature),
    mocoV3: mocoV3Loss([z, z], [z, z], temperature),
    barlowTwins: barlowTwinsLoss([z, z], 0.0051),
    // SimSiam's projector, and BYOL's within, standardise over the clips of a group.
    simSiam: simSiamLoss({ predicted: [z, z], projected: [standardiseColumns(z), standardiseColumns(z)] }),
    centred: said(centred),
    shared: said(shared),
    uniform: said(constant(float32([1, 1, DIM], new Array(DIM).fill(1 / DIM)))),
  })
  expect(found.ntXent![0]).toBeCloseTo(Math.log(2 * BATCH - 1), 4)
  expect(found.mocoV3![0]).toBeCloseTo(4 * temperature * Math.log(BATCH), 4)
  expect(found.barlowTwins![0]).toBeCloseTo(DIM, 3)
  expect(Math.abs(found.simSiam![0]!)).toBeLessThan(1e-3)
  expect(found.centred![0]).toBeCloseTo(found.uniform![0]!, 3)
  expect(found.shared![0]).toBeCloseTo(found.uniform![0]!, 3)
})
