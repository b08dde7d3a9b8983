/** Instructions of WebAssembly 2.0 (section 5.4), as bytes; a local is meant by its index. */
export const code = {
  get: (local: number) => [0x20, ...unsigned(local)],
  set: (local: number) => [0x21, ...unsigned(local)],
  constant: (value: number) => [0x41, ...signed(value)],
  /** `local += value`. */
  raise: (local: number, value: readonly number[]) => [...code.get(local), ...value, 0x6a, ...code.set(local)],
  /** Repeats the body while what it leaves on the stack is not 0. */
  repeat: (body: readonly number[]) => [0x03, 0x40, ...body, 0x0d, 0, 0x0b],
  less: [0x49],
  /** Two numbers at the address on the stack. */
  load: (offset: number) => [0xfd, 0x00, 3, ...unsigned(offset)],
  store: (offset: number) => [0xfd, 0x0b, 3, ...unsigned(offset)],
  /** One number, twice. */
  loadTwice: (offset: number) => [0xfd, 0x0a, 3, ...unsigned(offset)],
  twice: (value: number) => [0xfd, 0x0c, ...new Uint8Array(Float64Array.of(value, value).buffer)],
  numberOf: (lane: 0 | 1) => [0xfd, 0x21, lane],
  addNumbers: [0xa0],
  both: [0xfd, 0x14],
  add: [0xfd, 0xf0, 0x01],
  multiply: [0xfd, 0xf2, 0x01],
  divide: [0xfd, 0xf3, 0x01],
  larger: [0xfd, 0xf7, 0x01],
} as const

/** A module of one function `run`, of i32 parameters, and locals after them, over an imported memory. */
export function wasmModule(request: {
  readonly parameters: number
  readonly i32Locals: number
  readonly v128Locals: number
  readonly body: readonly number[]
}): Uint8Array<ArrayBuffer> {
  const { parameters, i32Locals, v128Locals, body } = request
  const [i32, v128, functionType, end] = [0x7f, 0x7b, 0x60, 0x0b]
  const locals = [2, i32Locals, i32, v128Locals, v128]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, functionType, parameters, ...Array<number>(parameters).fill(i32), 0]),
    ...section(2, [1, ...text('env'), ...text('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('run'), 0, 0]),
    ...section(10, [1, ...sized([...locals, ...body, end])]),
  ])
}

const section = (id: number, content: readonly number[]) => [id, ...sized(content)]
const sized = (content: readonly number[]) => [...unsigned(content.length), ...content]
const text = (name: string) => sized([...new TextEncoder().encode(name)])

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): number[] {
  const rest = value >> 7
  const isLast = (rest === 0 && (value & 0x40) === 0) || (rest === -1 && (value & 0x40) !== 0)
  return isLast ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(rest)]
}
