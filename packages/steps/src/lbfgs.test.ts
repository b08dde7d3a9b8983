import { expect, it } from 'vitest'
import { minimise } from './lbfgs.ts'

/** ½ Σ cᵢ (xᵢ − i)² with condition number 1,000. */
function quadratic(x: Float64Array) {
  const c = Float64Array.from(x, (_, i) => 10 ** (i / 3))
  const value = x.reduce((sum, xi, i) => sum + 0.5 * c[i]! * (xi - i) ** 2, 0)
  return { value, gradient: x.map((xi, i) => c[i]! * (xi - i)) }
}

it('finds the least point of an ill-conditioned quadratic', async () => {
  const { x } = await minimise(quadratic, new Float64Array(10), { tolerance: 1e-8 })
  for (const [i, value] of x.entries()) expect(value).toBeCloseTo(i, 5)
})

it('descends a curved valley', async () => {
  const rosenbrock = (p: Float64Array) => {
    const [x, y] = [p[0]!, p[1]!]
    const gradient = Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x))
    return { value: (1 - x) ** 2 + 100 * (y - x * x) ** 2, gradient }
  }
  const { x } = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-9, maxIterations: 200 })
  expect(x[0]).toBeCloseTo(1, 5)
  expect(x[1]).toBeCloseTo(1, 5)
})

it('stops when it is aborted, with the reason given', async () => {
  const controller = new AbortController()
  const search = minimise(quadratic, new Float64Array(10), { signal: controller.signal })
  controller.abort(new Error('shift is over'))
  await expect(search).rejects.toThrow('shift is over')
})
