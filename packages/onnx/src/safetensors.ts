import { type DataOf, type DType, elementCount, type Shape, type TensorType, type TensorValue } from '@takt/graph'
import { arrayOver, bytesOf, bytesPerElement, requireFilled } from './array-data.ts'
import type { NamedTensors } from './emit-model.ts'
import { onnxError } from './errors.ts'
import { repeatedKey } from './repeated-key.ts'

/** Content of a safetensors file: tensors by name, and text by key. */
export interface Safetensors {
  readonly tensors: NamedTensors
  readonly metadata: Readonly<Record<string, string>>
}

interface Entry {
  readonly name: string
  readonly code: Code
  readonly shape: Shape
  readonly start: number
  readonly end: number
}

/** Layout: length of the header as 64 bits, header as JSON padded with spaces, tensors without gaps. */
const PREFIX_LENGTH = 8
const ALIGNMENT = 8
/** Far above the header of any real model (about 100 bytes a tensor), far below what hurts to parse. */
const MAX_HEADER_LENGTH = 8 * 1024 * 1024
const METADATA = '__metadata__'

/** A bfloat16 has no type here: it is read as the float32 that it is the upper half of. */
const codes = {
  F64: 'float64',
  F32: 'float32',
  BF16: 'float32',
  F16: 'float16',
  U8: 'uint8',
  I32: 'int32',
  I64: 'int64',
  BOOL: 'bool',
} as const satisfies Record<string, DType>
type Code = keyof typeof codes
const codeOf = Object.fromEntries(
  Object.entries(codes).flatMap(([code, dtype]) => (code === 'BF16' ? [] : [[dtype, code]])),
) as Record<DType, Code>
const bytesOfCode = (code: Code): number => (code === 'BF16' ? 2 : bytesPerElement(codes[code]))

const utf8 = new TextEncoder()
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })

/** A safetensors file; wider elements first, then by name, so that equal content gives equal bytes. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  if (Object.hasOwn(tensors, METADATA)) throw onnxError('bad_tensor', { reason: `its name is ${METADATA}` })
  const ordered = Object.entries(tensors).toSorted(byWidthThenName)
  let end = 0
  const described = ordered.map(([name, value]) => {
    requireFilled(value)
    const start = end
    end += value.data.byteLength
    return [name, { dtype: codeOf[value.dtype], shape: value.shape, data_offsets: [start, end] }] as const
  })
  const header = Object.keys(metadata).length > 0 ? [[METADATA, metadata] as const, ...described] : described
  // From entries, not by assignment: a tensor may be named `__proto__`.
  const json = utf8.encode(JSON.stringify(Object.fromEntries<unknown>(header)))
  const dataOffset = Math.ceil((PREFIX_LENGTH + json.length) / ALIGNMENT) * ALIGNMENT

  const file = new Uint8Array(dataOffset + end).fill(0x20, PREFIX_LENGTH, dataOffset)
  new DataView(file.buffer).setBigUint64(0, BigInt(dataOffset - PREFIX_LENGTH), true)
  file.set(json, PREFIX_LENGTH)
  let offset = dataOffset
  for (const [, { data }] of ordered) {
    file.set(bytesOf(data), offset)
    offset += data.byteLength
  }
  return file
}

/** What a safetensors file says of itself before its tensors. */
export interface SafetensorsLayout {
  readonly types: Readonly<Record<string, TensorType>>
  readonly metadata: Safetensors['metadata']
}

/** Largest part of a file that `safetensorsLayout` looks at, bytes. */
export const LONGEST_SAFETENSORS_HEAD = PREFIX_LENGTH + MAX_HEADER_LENGTH

/** The layout of a file of `length` bytes, of which `start` is the beginning, its header at least. */
export function safetensorsLayout(start: Uint8Array, length: number): SafetensorsLayout {
  const { entries, metadata } = readEntries(start, length)
  return {
    types: Object.fromEntries(entries.map(({ name, code, shape }) => [name, { dtype: codes[code], shape }])),
    metadata,
  }
}

/** The content of a safetensors file; tensors may share the memory of `bytes`. */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const { entries, dataOffset, metadata } = readEntries(bytes, bytes.length)
  const tensors = entries.map(({ name, code, shape, start, end }) => {
    const dtype = codes[code]
    const data = dataOf(code, bytes.subarray(dataOffset + start, dataOffset + end))
    if (dtype === 'bool') requireBooleans(name, data)
    return [name, { dtype, shape, data } as TensorValue] as const
  })
  return { tensors: Object.fromEntries(tensors), metadata }
}

function readEntries(bytes: Uint8Array, length: number) {
  const { header, dataOffset } = readHeader(bytes)
  const { [METADATA]: metadata = {}, ...described } = header
  const entries = Object.entries(described).map(([name, description]) => parseEntry(name, description))
  requireContiguous(entries, length - dataOffset)
  return { entries, dataOffset, metadata: parseMetadata(metadata) }
}

function readHeader(bytes: Uint8Array): { readonly header: Record<string, unknown>; readonly dataOffset: number } {
  if (bytes.length < PREFIX_LENGTH) refuse(`${bytes.length} bytes are too few`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > MAX_HEADER_LENGTH) refuse(`its header of ${length} bytes is longer than ${MAX_HEADER_LENGTH}`)
  const dataOffset = PREFIX_LENGTH + Number(length)
  if (dataOffset > bytes.length) refuse(`its header of ${length} bytes ends beyond its ${bytes.length} bytes`)
  const header = parseJson(bytes.subarray(PREFIX_LENGTH, dataOffset))
  if (!isRecord(header)) refuse('its header is not a JSON object')
  return { header, dataOffset }
}

function parseJson(bytes: Uint8Array): unknown {
  const { text, value } = readJson(bytes)
  const repeated = repeatedKey(text)
  if (repeated !== undefined) refuse(`its header has ${JSON.stringify(repeated)} twice`)
  return value
}

function readJson(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  try {
    const text = strictUtf8.decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch (cause) {
    throw onnxError('bad_safetensors', { reason: 'its header is not JSON in UTF-8' }, { cause })
  }
}

function parseEntry(name: string, description: unknown): Entry {
  const label = `tensor ${JSON.stringify(name)}`
  if (!isRecord(description)) refuse(`${label} is not described by an object`)
  const { dtype: code, shape, data_offsets: offsets } = description
  if (!isCode(code))
    refuse(`${label} has element type ${JSON.stringify(code)}, not one of ${Object.keys(codes).join(', ')}`)
  if (!isSizes(shape)) refuse(`${label} has shape ${JSON.stringify(shape)}`)
  if (!isSizes(offsets) || offsets.length !== 2) refuse(`${label} has offsets ${JSON.stringify(offsets)}`)
  const [start = 0, end = 0] = offsets
  const expected = elementCount(shape) * bytesOfCode(code)
  if (end - start !== expected)
    refuse(`${label} takes ${expected} bytes, but its offsets [${start}, ${end}] hold ${end - start}`)
  return { name, code, shape, start, end }
}

/** Tensors cover the data once: no gap to hide bytes in, no overlap, nothing beyond the end. */
function requireContiguous(entries: readonly Entry[], length: number): void {
  let covered = 0
  for (const { name, start, end } of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered)
      refuse(`tensor ${JSON.stringify(name)} starts at ${start}, but the one before it ends at ${covered}`)
    covered = end
  }
  if (covered !== length) refuse(`its tensors take ${covered} bytes, but ${length} follow the header`)
}

/** The runtime takes a byte of a bool for 0 or 1 and does not look. */
function requireBooleans(name: string, data: DataOf[DType]): void {
  const other = (data as Uint8Array).find(byte => byte > 1)
  if (other !== undefined) refuse(`tensor ${JSON.stringify(name)} holds ${other} as a bool`)
}

function parseMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (!isRecord(metadata)) refuse(`${METADATA} is not an object`)
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') refuse(`metadata ${JSON.stringify(key)} is not text`)
  }
  return metadata as Record<string, string>
}

function isCode(code: unknown): code is Code {
  return typeof code === 'string' && Object.hasOwn(codes, code)
}

function dataOf(code: Code, bytes: Uint8Array): DataOf[DType] {
  return code === 'BF16' ? widen(arrayOver('float16', bytes)) : arrayOver(codes[code], bytes)
}

/** Numbers of bfloat16 bit patterns; exact. */
function widen(bits: Uint16Array): Float32Array<ArrayBuffer> {
  return new Float32Array(Uint32Array.from(bits, half => half << 16).buffer)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(size => Number.isSafeInteger(size) && size >= 0)
}

function byWidthThenName(
  [nameA, a]: readonly [string, TensorValue],
  [nameB, b]: readonly [string, TensorValue],
): number {
  const narrower = bytesPerElement(b.dtype) - bytesPerElement(a.dtype)
  return narrower || (nameA < nameB ? -1 : 1)
}

function refuse(reason: string): never {
  throw onnxError('bad_safetensors', { reason })
}
