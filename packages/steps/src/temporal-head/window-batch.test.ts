import { expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { BATCH_ROWS, type WindowAugmentation, windowBatch } from './window-batch.ts'
import type { WindowExample } from './window-examples.ts'
import { REACH } from './window-network.ts'

const rows = Array.from({ length: 100 }, (_, step) => Float32Array.of(step, -step))
const example = (step: number, label: number, part: Partial<WindowExample> = {}): WindowExample => {
  const moments = { mean: Float32Array.of(10, 0), scale: 0.5 }
  return { sequence: 0, step, label, rows, from: 0, to: rows.length, moments, ...part }
}
const plain: WindowAugmentation = { warp: null, channelShift: 0, noise: 0, endsEarly: 0 }
const source = (examples: readonly WindowExample[], resting: readonly WindowExample[] = []) => ({
  examples,
  resting,
  restingShare: 0.25,
  classWeights: Float64Array.of(0.5, 2),
})
const { uniform } = seededRandom(1)
const first = (values: Float32Array) => Array.from({ length: BATCH_ROWS }, (_, row) => values[2 * row])

it('lays a window out row by row under its own moments, with a target that weighs as its class', () => {
  const { x, mask, targets } = windowBatch(source([example(50, 1)]), { batch: 1, augmentation: plain }, uniform)
  expect(first(x).slice(0, -1)).toEqual(Array.from({ length: 31 }, (_, k) => (35 + k - 10) / 2))
  expect([...mask]).toEqual([...Array(31).fill(1), 0])
  expect([...targets]).toEqual([0, 2])
})

it('shows nothing beyond a gap or where a view did not see', () => {
  const torn = example(50, 0, { from: 45, to: 60, rows: rows.with(52, undefined as never) })
  const { mask } = windowBatch(source([torn]), { batch: 1, augmentation: plain }, uniform)
  const seen = [...mask].flatMap((value, row) => (value === 1 ? [50 - REACH + row] : []))
  expect(seen).toEqual([45, 46, 47, 48, 49, 50, 51, 53, 54, 55, 56, 57, 58, 59])
})

it('ends windows early, anywhere from the scored step on, as the end of video does', () => {
  const augmentation = { ...plain, endsEarly: 1 }
  const { mask } = windowBatch(source([example(50, 0)]), { batch: 300, augmentation }, uniform)
  const lengths = Array.from({ length: 300 }, (_, sample) => {
    return mask.subarray(sample * BATCH_ROWS, (sample + 1) * BATCH_ROWS).reduce((sum, value) => sum + value)
  })
  expect(new Set(lengths)).toEqual(new Set(Array.from({ length: 16 }, (_, k) => REACH + 1 + k)))
})

it('warps windows between the steps that were seen', () => {
  const augmentation = { ...plain, warp: { overall: 0.3, local: 0, knotSteps: 8 } }
  const { x } = windowBatch(source([example(50, 0)]), { batch: 1, augmentation }, uniform)
  const steps = first(x)
    .slice(0, 31)
    .map(value => value! * 2 + 10)
  expect(steps[REACH]).toBe(50)
  const gaps = steps.slice(1).map((value, k) => value - steps[k]!)
  expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1e-4)
  expect(gaps[0]).not.toBeCloseTo(1, 2)
})

it('draws a share of a batch from stations at rest', () => {
  const { targets } = windowBatch(
    source([example(50, 1)], [example(50, 0)]),
    { batch: 2000, augmentation: plain },
    uniform,
  )
  const resting = targets.filter((value, at) => at % 2 === 0 && value > 0).length / 2000
  expect(resting).toBeCloseTo(0.25, 1)
})

it('shifts a channel of a window as a whole, and adds noise to each value', () => {
  const still = example(50, 0, { rows: rows.map(() => Float32Array.of(10, 0)) })
  const drawn = (part: Partial<WindowAugmentation>) => {
    const { x } = windowBatch(source([still]), { batch: 1, augmentation: { ...plain, ...part } }, uniform)
    return new Set(first(x).slice(0, 31)).size
  }
  expect([drawn({}), drawn({ channelShift: 1 }), drawn({ noise: 1 })]).toEqual([1, 1, 31])
})
