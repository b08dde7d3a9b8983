import { input, sampleAffine, type TensorValue, tensorValue } from '@takt/graph'
import { mapNamed, type Named, random } from '@takt/nn'
import { openRuntime } from '@takt/runtime'
import { expect, test, vi } from 'vitest'
import { evaluate } from '../../test/evaluate.ts'
import { drawCrop, viewStretches } from './draw-crop.ts'
import { resample } from './resample.ts'

// A child process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

test('crops and mirror images are those of affine grid sampling, of any sizes', async () => {
  const [batch, frames, height, width] = [3, 2, 9, 7]
  const next = random(1, 'test')
  const crop = { area: [0.2, 1], aspect: [0.5, 2] } as const
  const stretches = Array.from({ length: batch }, (_, clip) =>
    viewStretches(drawCrop(crop, next), drawCrop(crop, next), clip === 1),
  )
  const transforms = stretches.flatMap(({ columns, rows }) => [columns[0], 0, columns[1], 0, rows[0], rows[1]])
  const floats = (shape: readonly number[], numbers: readonly number[]) =>
    tensorValue({ dtype: 'float32', shape }, numbers)
  const feeds: Named<TensorValue> = {
    frames: tensorValue(
      { dtype: 'uint8', shape: [batch, frames, height, width, 3] },
      Array.from({ length: batch * frames * height * width * 3 }, () => 255 * next()),
    ),
    transforms: floats([batch, 2, 3], transforms),
    rows: floats(
      [batch, 2],
      stretches.flatMap(({ rows }) => rows),
    ),
    columns: floats(
      [batch, 2],
      stretches.flatMap(({ columns }) => columns),
    ),
  }
  const { frames: x, transforms: affine, rows, columns } = mapNamed(feeds, (value, name) => input(name, value))
  await using runtime = await openRuntime({ provider: 'cpu', threads: 1 })
  for (const size of [4, 8, 12]) {
    const { found, expected } = await evaluate(
      runtime,
      {
        found: resample(x!, { rows: rows!, columns: columns!, size }),
        expected: sampleAffine(x!, affine!, { height: size, width: size }),
      },
      feeds,
    )
    expect(found).toHaveLength(batch * frames * size * size * 3)
    expect(Math.max(...found!.map((value, i) => Math.abs(value - expected![i]!)))).toBeLessThan(1e-3)
  }
})
