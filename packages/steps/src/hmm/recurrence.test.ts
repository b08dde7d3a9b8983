import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../test/synthetic.ts'
import { recurrence } from './recurrence.ts'

/** Sizes that fill registers and that do not; recordings that fill blocks and that do not. */
const cases = fc.record({
  seed: fc.nat(1e6),
  size: fc.integer({ min: 1, max: 70 }),
  count: fc.constantFrom(0, 1, 2, 3, 257, 258, 600),
  direction: fc.constantFrom('onwards' as const, 'backwards' as const),
})

function draw({ seed, size, count }: { seed: number; size: number; count: number }) {
  const { uniform } = seededRandom(seed)
  const numbers = (length: number) => Float64Array.from({ length }, () => 0.1 + uniform())
  return { matrix: numbers(size * size), first: numbers(size), rows: numbers(size * count) }
}

/** What `recurrence` is, without vectors or blocks. */
function plainly(
  ring: 'sumTimes' | 'maxPlus',
  { matrix, first, rows }: ReturnType<typeof draw>,
  direction: 'onwards' | 'backwards',
) {
  const size = first.length
  const count = rows.length / size
  const before = new Float64Array(rows.length)
  let carried = first
  for (let turn = 0; turn < count; turn++) {
    const t = direction === 'onwards' ? turn : count - 1 - turn
    before.set(carried, t * size)
    const row = rows.subarray(t * size, (t + 1) * size)
    const paired = carried.map((value, k) => (ring === 'sumTimes' ? value * row[k]! : value + row[k]!))
    const sum = paired.reduce((total, value) => total + value, 0)
    const vector = ring === 'sumTimes' ? paired.map(value => value / sum) : paired
    carried = vector.map((_, k) => {
      const column = vector.map((value, j) =>
        ring === 'sumTimes' ? value * matrix[j * size + k]! : value + matrix[j * size + k]!,
      )
      return ring === 'sumTimes' ? column.reduce((total, value) => total + value, 0) : Math.max(...column)
    })
  }
  return before
}

describe.each(['sumTimes', 'maxPlus'] as const)('a recurrence over %s', ring => {
  it('is what it says, for any size, either way', () => {
    fc.assert(
      fc.property(cases, ({ direction, ...shape }) => {
        const drawn = draw(shape)
        const found = recurrence(ring, drawn.matrix)({ ...drawn, direction })
        const wanted = plainly(ring, drawn, direction)
        expect(found.length).toBe(wanted.length)
        for (const [at, value] of wanted.entries()) {
          if (Math.abs(found[at]! - value) > 1e-9 * Math.abs(value)) expect(found[at]).toBe(value)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('remembers nothing of another run', () => {
    const drawn = draw({ seed: 1, size: 5, count: 9 })
    const run = recurrence(ring, drawn.matrix)
    const first = run({ ...drawn, direction: 'onwards' })
    run({ ...drawn, rows: drawn.rows.map(value => 2 - value), direction: 'backwards' })
    expect(run({ ...drawn, direction: 'onwards' })).toEqual(first)
  })
})

it('takes minus infinity for what cannot be', () => {
  const never = Math.log(0)
  const before = recurrence(
    'maxPlus',
    Float64Array.of(0, never, never, 0),
  )({
    rows: Float64Array.of(0, 0, 1, 2, 3, 4),
    first: Float64Array.of(0, never),
    direction: 'onwards',
  })
  expect([...before]).toEqual([0, never, 0, never, 1, never])
})
