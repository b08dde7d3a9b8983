import { code, wasmModule } from './wasm-code.ts'

/**
 * A recurrence over the rows e_t of an array `[time, size]`, one after another or from the last one back:
 *   before_t = v_{t−1} M,   v_t = before_t ∘ e_t
 * over (Σ, ×) with v_t divided by its sum, which is forward and backward, or over (max, +), which is Viterbi. `before`
 * of the first row is given.
 */
export type Recurrence = (request: {
  readonly rows: Float64Array
  readonly first: Float64Array
  readonly direction: 'onwards' | 'backwards'
}) => Float64Array

const rings = {
  sumTimes: { nothing: 0, combine: code.add, pair: code.multiply },
  maxPlus: { nothing: -Infinity, combine: code.larger, pair: code.add },
} as const

/** Rows that are computed in one go. */
const BLOCK = 256
/** Numbers in the four registers of two that a block of columns is summed in. */
const LANES = 8

/**
 * The recurrence for one matrix `[from, to]`, in 128-bit WebAssembly: JavaScript has no vectors and takes three times
 * as long as C. Its memory does not grow with time.
 */
export function recurrence(ring: keyof typeof rings, matrix: Float64Array): Recurrence {
  const size = Math.sqrt(matrix.length)
  const stride = Math.ceil(size / LANES) * LANES
  const bytes = 8 * stride
  const memoryOf = { vector: 0, next: bytes, matrix: 2 * bytes, rows: (2 + size) * bytes }
  const beforeAt = memoryOf.rows + BLOCK * bytes
  const memory = new WebAssembly.Memory({ initial: Math.ceil((beforeAt + BLOCK * bytes) / 65536) })
  const at = (offset: number, length: number) => new Float64Array(memory.buffer, offset, length)
  const padded = at(memoryOf.matrix, size * stride).fill(rings[ring].nothing)
  for (let row = 0; row < size; row++) padded.set(matrix.subarray(row * size, (row + 1) * size), row * stride)
  const module = compiled(ring, { size, bytes, memoryOf })
  const { exports } = new WebAssembly.Instance(module, { env: { memory } })
  const run = exports.run as (steps: number, row: number, before: number, hop: number) => void

  const vector = at(memoryOf.vector, stride)
  const rowBlock = at(memoryOf.rows, BLOCK * stride)
  const beforeBlock = at(beforeAt, BLOCK * stride)
  return ({ rows, first, direction }) => {
    const count = rows.length / size
    const before = new Float64Array(rows.length)
    if (count === 0) return before
    const [start, onwards] = direction === 'onwards' ? [0, true] : [count - 1, false]
    before.set(first, start * size)
    vector.fill(rings[ring].nothing)
    vector.set(firstVector(ring, first, rows.subarray(start * size, (start + 1) * size)))
    for (let done = 1; done < count; done += BLOCK) {
      const steps = Math.min(BLOCK, count - done)
      const from = onwards ? done : count - done - steps
      copyRows(rowBlock, stride, rows.subarray(from * size, (from + steps) * size), size)
      const edge = onwards ? 0 : (steps - 1) * bytes
      run(steps, memoryOf.rows + edge, beforeAt + edge, onwards ? bytes : -bytes)
      copyRows(
        before.subarray(from * size, (from + steps) * size),
        size,
        beforeBlock.subarray(0, steps * stride),
        stride,
      )
    }
    return before
  }
}

/** By ring and size: compiling takes as long as some thousand steps, and the engine improves what it sees again. */
const modules = new Map<string, WebAssembly.Module>()

function compiled(ring: keyof typeof rings, layout: Layout): WebAssembly.Module {
  const key = `${ring} ${layout.size}`
  const known = modules.get(key)
  if (known !== undefined) return known
  const module = new WebAssembly.Module(recurrenceModule(ring, layout))
  modules.set(key, module)
  return module
}

function firstVector(ring: keyof typeof rings, first: Float64Array, row: Float64Array): Float64Array {
  if (ring === 'maxPlus') return first.map((score, k) => score + row[k]!)
  const masses = first.map((mass, k) => mass * row[k]!)
  const sum = masses.reduce((total, mass) => total + mass, 0)
  return masses.map(mass => mass / sum)
}

/** Copies rows between widths; what a wider row has beyond the narrower one stays. */
function copyRows(to: Float64Array, toWidth: number, from: Float64Array, fromWidth: number): void {
  if (toWidth === fromWidth) {
    to.set(from)
    return
  }
  const width = Math.min(toWidth, fromWidth)
  for (let a = 0, b = 0; b < from.length; a += toWidth, b += fromWidth) {
    for (let k = 0; k < width; k++) to[a + k] = from[b + k]!
  }
}

type Layout = {
  readonly size: number
  readonly bytes: number
  readonly memoryOf: Readonly<Record<'vector' | 'next' | 'matrix', number>>
}

/**
 *   do {
 *     for each block of 8 columns {
 *       sums = nothing
 *       for (j = 0, m = matrix; j < size; j++, m += stride) sums = combine(sums, pair(vector[j], m[block]))
 *       before[block] = sums
 *       next[block] = pair(sums, row[block])
 *     }
 *     vector = next, by its sum where the ring is (Σ, ×)
 *     row += hop; before += hop
 *   } while (--steps)
 */
function recurrenceModule(ring: keyof typeof rings, { size, bytes, memoryOf }: Layout): Uint8Array<ArrayBuffer> {
  const { nothing, combine, pair } = rings[ring]
  const [steps, row, before, hop, j, m] = [0, 1, 2, 3, 4, 5]
  const [value, total, ...sums] = [6, 7, 8, 9, 10, 11]
  const scales = ring === 'sumTimes'

  const block = (offset: number) => [
    ...sums.flatMap(sum => [...code.twice(nothing), ...code.set(sum)]),
    ...[...code.constant(0), ...code.set(j), ...code.constant(memoryOf.matrix + offset), ...code.set(m)],
    ...code.repeat([
      ...[...code.get(j), ...code.loadTwice(memoryOf.vector), ...code.set(value)],
      ...sums.flatMap((sum, i) => [
        ...[...code.get(sum), ...code.get(value), ...code.get(m), ...code.load(16 * i), ...pair],
        ...[...combine, ...code.set(sum)],
      ]),
      ...[...code.raise(m, code.constant(bytes)), ...code.raise(j, code.constant(8))],
      ...[...code.get(j), ...code.constant(8 * size), ...code.less],
    ]),
    ...sums.flatMap((sum, i) => [
      ...[...code.get(before), ...code.get(sum), ...code.store(offset + 16 * i)],
      ...[...code.get(sum), ...code.get(row), ...code.load(offset + 16 * i), ...pair, ...code.set(value)],
      ...[...code.constant(0), ...code.get(value), ...code.store(memoryOf.next + offset + 16 * i)],
      ...(scales ? [...code.get(total), ...code.get(value), ...code.add, ...code.set(total)] : []),
    ]),
  ]
  const blocks = Array.from({ length: bytes / (8 * LANES) }, (_, index) => block(8 * LANES * index))
  const halves = ([0, 1] as const).flatMap(lane => [...code.get(total), ...code.numberOf(lane)])
  const pieces = Array.from({ length: bytes / 16 }, (_, index) => 16 * index)
  const body = code.repeat([
    ...(scales ? [...code.twice(0), ...code.set(total)] : []),
    ...blocks.flat(),
    ...(scales
      ? [...code.twice(1), ...halves, ...code.addNumbers, ...code.both, ...code.divide, ...code.set(total)]
      : []),
    ...pieces.flatMap(offset => [
      ...[...code.constant(0), ...code.constant(0), ...code.load(memoryOf.next + offset)],
      ...(scales ? [...code.get(total), ...code.multiply] : []),
      ...code.store(memoryOf.vector + offset),
    ]),
    ...[...code.raise(row, code.get(hop)), ...code.raise(before, code.get(hop))],
    ...[...code.raise(steps, code.constant(-1)), ...code.get(steps)],
  ])
  return wasmModule({ parameters: 4, i32Locals: 2, v128Locals: 6, body })
}

/** What is used of WebAssembly: its types come with the DOM's, which a server has no use for. */
declare namespace WebAssembly {
  class Memory {
    constructor(size: { readonly initial: number })
    readonly buffer: ArrayBuffer
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  class Instance {
    constructor(module: Module, imports: { readonly env: { readonly memory: Memory } })
    readonly exports: Readonly<Record<string, unknown>>
  }
}
