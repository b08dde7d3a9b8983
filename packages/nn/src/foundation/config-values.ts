import { nnError } from '../errors.ts'

/** A JSON object of a checkpoint, read value by value. Each throws `bad_checkpoint` with the name and what stands there. */
export interface ConfigValues {
  readonly integer: (name: string, range: Range) => number
  readonly number: (name: string, range: Range) => number
  /** The value where there is one, else `usual`. */
  readonly flag: (name: string, usual: boolean) => boolean
  readonly text: (name: string) => string
  /** A square's side, written as a number, twice, or by height and width. */
  readonly side: (name: string, range: Range) => number
  /** Three numbers. */
  readonly channels: (name: string, range: Range) => readonly number[]
  readonly has: (name: string) => boolean
}

interface Range {
  readonly least: number
  readonly most: number
}

export function configValues(file: string, json: unknown): ConfigValues {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) refuse(`${file} is not an object`)
  const values = new Map(Object.entries(json))
  const bad = (name: string, wanted: string): never =>
    values.get(name) !== undefined
      ? refuse(`${file}: ${name} must be ${wanted}, not ${print(values.get(name))}`)
      : refuse(`${file} has no ${name}, which must be ${wanted}`)
  const number = (name: string, { least, most }: Range): number => {
    const value = values.get(name)
    if (typeof value === 'number' && value >= least && value <= most) return value
    return bad(name, `a number from ${least} to ${most}`)
  }
  const integer = (name: string, { least, most }: Range): number => {
    const value = values.get(name)
    const found = Number.isSafeInteger(value) ? (value as number) : Number.NaN
    return found >= least && found <= most ? found : bad(name, `an integer from ${least} to ${most}`)
  }
  const list = (name: string): readonly unknown[] => {
    const value = values.get(name)
    if (typeof value !== 'object' || value === null) return [value, value]
    if (Array.isArray(value)) return value
    const { height, width, ...others } = value as Record<string, unknown>
    return Object.keys(others).length === 0 ? [height, width] : []
  }
  return {
    integer,
    number,
    flag: (name, usual) => {
      const value = values.get(name) ?? usual
      return typeof value === 'boolean' ? value : bad(name, 'true or false')
    },
    text: name => {
      const value = values.get(name)
      return typeof value === 'string' ? value : bad(name, 'text')
    },
    side: (name, { least, most }) => {
      const [height, width, ...more] = list(name)
      const fits = Number.isSafeInteger(height) && (height as number) >= least && (height as number) <= most
      if (fits && height === width && more.length === 0) return height as number
      return bad(name, `the side of a square, an integer from ${least} to ${most}`)
    },
    channels: (name, { least, most }) => {
      const value = values.get(name)
      const fits = (one: unknown) => typeof one === 'number' && one >= least && one <= most
      if (Array.isArray(value) && value.length === 3 && value.every(fits)) return value
      return bad(name, `three numbers from ${least} to ${most}`)
    },
    has: name => values.get(name) !== undefined && values.get(name) !== null,
  }
}

export function print(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

export function refuse(reason: string): never {
  throw nnError('bad_checkpoint', { reason })
}
