import { nnError } from './errors.ts'

/** The architecture of an encoder, as it is stored beside its weights. Sizes in pixels, frames and tokens. */
export interface EncoderSpec {
  readonly architecture: 'video-vit'
  /** Side of the square RGB frames. */
  readonly inputSize: number
  /** Frames of a clip. */
  readonly frames: number
  /** Frames of one token: a time step. */
  readonly tubelet: number
  /** Side of one token's patch. */
  readonly patch: number
  readonly dim: number
  readonly depth: number
  readonly heads: number
  /** Side of the coarse grid that each time step's tokens are averaged to. */
  readonly grid: number
  /** Learnt tokens that carry nothing in or out and give attention a place to keep what is global; none where left out. */
  readonly registers?: number
}

/** Small enough for several cameras a core: 8 × 64 tokens, 2.1 M parameters. */
export const plantEncoderSpec: EncoderSpec = {
  architecture: 'video-vit',
  inputSize: 128,
  frames: 16,
  tubelet: 2,
  patch: 16,
  dim: 192,
  depth: 4,
  heads: 3,
  grid: 4,
}

/** Largest accepted sizes: several times those of the largest published video encoders. */
const limits = {
  inputSize: 1024,
  frames: 128,
  tubelet: 16,
  patch: 128,
  dim: 4096,
  depth: 128,
  heads: 128,
  grid: 64,
} as const satisfies { readonly [K in Exclude<keyof EncoderSpec, 'architecture' | 'registers'>]: number }

const mostRegisters = 64

/** A spec from parsed JSON; unknown, missing or inconsistent values throw `bad_encoder_spec`. */
export function parseEncoderSpec(json: unknown): EncoderSpec {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) refuse(`${print(json)} is not an object`)
  const { architecture, registers, ...sizes } = json as Record<string, unknown>
  if (architecture !== 'video-vit') refuse(`architecture ${print(architecture)} is not "video-vit"`)
  for (const name of Object.keys(sizes)) {
    if (!Object.hasOwn(limits, name)) refuse(`${print(name)} is not a part of it`)
  }
  for (const [name, limit] of Object.entries(limits)) {
    const size = sizes[name]
    const inRange = Number.isSafeInteger(size) && (size as number) >= 1 && (size as number) <= limit
    if (!inRange) refuse(`${name} must be an integer from 1 to ${limit}, not ${print(size)}`)
  }
  const few = Number.isSafeInteger(registers) && (registers as number) >= 0 && (registers as number) <= mostRegisters
  if (registers !== undefined && !few)
    refuse(`registers must be an integer from 0 to ${mostRegisters}, not ${print(registers)}`)
  const spec = { architecture, ...sizes, ...(registers !== undefined && { registers }) } as unknown as EncoderSpec
  requireDivisible(spec)
  return spec
}

function requireDivisible({ inputSize, frames, tubelet, patch, dim, heads, grid }: EncoderSpec): void {
  const pairs = [
    ['frames', frames, 'tubelet', tubelet],
    ['inputSize', inputSize, 'patch', patch],
    ['dim', dim, 'heads', heads],
    // Half of the dimensions say when, a quarter each say where, all in pairs of sine and cosine.
    ['dim', dim, 'the parts of a position', 8],
    ['patches a side', inputSize / patch, 'grid', grid],
  ] as const
  for (const [name, whole, partName, part] of pairs) {
    if (whole % part !== 0) refuse(`${name} ${whole} is not a multiple of ${partName} ${part}`)
  }
}

function print(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function refuse(reason: string): never {
  throw nnError('bad_encoder_spec', { reason })
}
