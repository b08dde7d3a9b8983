import { nnError } from '../errors.ts'
import type { Colours } from '../tubelets.ts'

/**
 * A published vision transformer as it is stored beside its weights: what of its architecture differs from one family to
 * the other is said, so that one graph serves them all. Sizes in pixels, frames and tokens.
 */
export interface FoundationSpec extends Colours {
  readonly architecture: 'foundation-vit'
  /** `model_type` of the checkpoint that it comes from. */
  readonly family: string
  /** Side of the square RGB frames. */
  readonly inputSize: number
  /** Frames of a clip. */
  readonly frames: number
  /** Frames of a time step. */
  readonly tubelet: number
  /** What attends to each other: a clip's tubelets, or the patches of one picture, the first of each time step. */
  readonly sees: 'clip' | 'picture'
  /** Side of one token's patch. */
  readonly patch: number
  readonly dim: number
  readonly depth: number
  readonly heads: number
  /** Width of the MLPs' hidden layers. */
  readonly mlpWidth: number
  /** Side of the coarse grid that each time step's tokens are averaged to. */
  readonly grid: number
  /** Tokens before those of the patches, the class token with its position among them. */
  readonly registers: number
  /** What tells a token its place: a table that is a parameter, or the rotation of queries and keys. */
  readonly positions: 'table' | 'rotary'
  /** Whether what attention and MLPs add is scaled. */
  readonly layerScale: boolean
  /** Whether the last block's tokens are normalised. */
  readonly finalNorm: boolean
  /** Of the norms. */
  readonly epsilon: number
}

/** Largest accepted sizes; the heaviest that fits an ONNX model of 2 GiB is far below them. */
const limits = {
  inputSize: 1024,
  frames: 128,
  tubelet: 16,
  patch: 128,
  dim: 4096,
  depth: 128,
  heads: 128,
  mlpWidth: 32_768,
  grid: 64,
} as const

const MOST_REGISTERS = 64
const MOST_TOKENS = 8192

/** A spec from parsed JSON; unknown, missing or inconsistent values throw `bad_encoder_spec`. */
export function parseFoundationSpec(json: Readonly<Record<string, unknown>>): FoundationSpec {
  const rest = { ...json }
  const take = (name: keyof FoundationSpec): unknown => {
    const value = rest[name]
    delete rest[name]
    return value
  }
  const integer = (name: keyof FoundationSpec, least: number, most: number): number => {
    const value = take(name)
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number
    return refuse(`${name} must be an integer from ${least} to ${most}, not ${print(value)}`)
  }
  const choice = <T>(name: keyof FoundationSpec, choices: readonly T[]): T => {
    const value = take(name)
    return choices.find(one => one === value) ?? refuse(`${name} must be one of ${print(choices)}, not ${print(value)}`)
  }
  const flag = (name: keyof FoundationSpec): boolean => {
    const value = take(name)
    return typeof value === 'boolean' ? value : refuse(`${name} must be true or false, not ${print(value)}`)
  }
  const sizes = Object.fromEntries(
    Object.entries(limits).map(([name, most]) => [name, integer(name as keyof typeof limits, 1, most)]),
  ) as unknown as Record<keyof typeof limits, number>
  const family = take('family')
  if (typeof family !== 'string' || !/^[\w-]{1,40}$/.test(family)) refuse(`family ${print(family)} is not a name`)
  const spec: FoundationSpec = {
    architecture: choice('architecture', ['foundation-vit'] as const),
    family,
    ...sizes,
    registers: integer('registers', 0, MOST_REGISTERS),
    sees: choice('sees', ['clip', 'picture'] as const),
    positions: choice('positions', ['table', 'rotary'] as const),
    layerScale: flag('layerScale'),
    finalNorm: flag('finalNorm'),
    epsilon: within('epsilon', take('epsilon'), 0, 0.01),
    mean: channels('mean', take('mean'), -10, 10),
    deviation: channels('deviation', take('deviation'), 1e-4, 1000),
  }
  for (const name of Object.keys(rest)) refuse(`${print(name)} is not a part of it`)
  requireConsistent(spec)
  return spec
}

function requireConsistent(spec: FoundationSpec): void {
  const { frames, tubelet, inputSize, patch, dim, heads, grid, positions, registers, sees } = spec
  const pairs = [
    ['frames', frames, 'tubelet', tubelet],
    ['inputSize', inputSize, 'patch', patch],
    ['dim', dim, 'heads', heads],
  ] as const
  for (const [name, whole, partName, part] of pairs) {
    if (whole % part !== 0) refuse(`${name} ${whole} is not a multiple of ${partName} ${part}`)
  }
  if (grid > inputSize / patch) refuse(`grid ${grid} is finer than the ${inputSize / patch} patches a side`)
  const tokens = (sees === 'clip' ? frames / tubelet : 1) * (inputSize / patch) ** 2
  if (tokens > MOST_TOKENS) refuse(`${tokens} tokens that attend to each other are more than ${MOST_TOKENS}`)
  if (positions !== 'rotary') return
  if ((dim / heads) % 2 !== 0) refuse(`${dim / heads} dimensions a head are not pairs that turn`)
  if (registers > 0) refuse(`${registers} registers have no angle to turn by`)
  if (sees !== 'clip') refuse('rotary positions are of a clip, not of a picture')
}

function within(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  return refuse(`${name} must be a number from ${least} to ${most}, not ${print(value)}`)
}

function channels(name: string, value: unknown, least: number, most: number): readonly number[] {
  if (!Array.isArray(value) || value.length !== 3) refuse(`${name} must be a number each for RGB, not ${print(value)}`)
  return value.map((one, i) => within(`${name}[${i}]`, one, least, most))
}

function print(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

function refuse(reason: string): never {
  throw nnError('bad_encoder_spec', { reason })
}
