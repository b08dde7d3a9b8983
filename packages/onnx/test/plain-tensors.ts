import { elementCount, type Shape } from '@takt/graph'

/** Row-major numbers. */
export type Numbers = ArrayLike<number>

/** Numbers between −2 and 2 that no symmetry of an operator maps onto each other. */
export function ramp(shape: Shape, from = 0): readonly number[] {
  return Array.from({ length: elementCount(shape) }, (_, i) => 2 * Math.sin(1.7 * (i + from) + 0.3))
}

/** An element by its coordinates. */
export function at(numbers: Numbers, shape: Shape, index: readonly number[]): number {
  return numbers[index.reduce((offset, i, axis) => offset * shape[axis]! + i, 0)]!
}

/** The numbers that f gives at every coordinate of a shape. */
export function fill(shape: Shape, f: (...index: number[]) => number): readonly number[] {
  return Array.from(indices(shape), index => f(...index))
}

export function sum(count: number, f: (i: number) => number): number {
  return Array.from({ length: count }, (_, i) => f(i)).reduce((a, b) => a + b, 0)
}

/** erf by its Maclaurin series, exact to 1e-12 for |x| < 3. */
export function erf(x: number): number {
  let [term, total] = [x, x]
  for (let n = 1; n < 60; n++) {
    term *= -(x * x) / n
    total += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

export function largestError(found: Numbers, expected: Numbers): number {
  if (found.length !== expected.length) throw new Error(`${found.length} numbers instead of ${expected.length}`)
  return Math.max(...Array.from(expected, (value, i) => Math.abs(value - found[i]!)))
}

function* indices(shape: Shape): Generator<readonly number[]> {
  for (let offset = 0; offset < elementCount(shape); offset++) {
    let rest = offset
    yield shape.map((size, axis) => {
      const stride = elementCount(shape.slice(axis + 1))
      const i = Math.floor(rest / stride) % size
      rest %= stride
      return i
    })
  }
}
