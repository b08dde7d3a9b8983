import { z } from 'zod'
import { Secret } from './secret.ts'

const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const byteUnits = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const

/** `250ms`, `5s`, `2m`, `1.5h`, `1d` → milliseconds. */
export const duration = () =>
  z
    .string()
    .transform(
      (text, context) =>
        quantity(text, durationUnits) ?? refuse(context, `'${text}' is not a duration such as 250ms, 5s, 2m, 1h`),
    )

/** `512B`, `64MiB`, `10GB` → bytes. */
export const bytes = () =>
  z
    .string()
    .transform(
      (text, context) =>
        quantity(text, byteUnits) ?? refuse(context, `'${text}' is not a size such as 512B, 64MiB, 10GB`),
    )

/** A whole number within bounds. */
export const integer = ({
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
}: {
  readonly min?: number
  readonly max?: number
} = {}) =>
  z.string().transform((text, context) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max
      ? value
      : refuse(context, `'${text}' is not a whole number from ${min} to ${max}`)
  })

/** A TCP port; 0 lets the system choose a free one. */
export const port = () => integer({ min: 0, max: 65_535 })

/** `true` or `false`. */
export const flag = () =>
  z
    .string()
    .transform((text, context) =>
      text === 'true' ? true : text === 'false' ? false : refuse(context, `'${text}' is neither true nor false`),
    )

/** One of a fixed set of words. */
export const choice = <const Options extends readonly [string, ...string[]]>(options: Options) =>
  z
    .string()
    .transform((text, context): Options[number] =>
      options.includes(text) ? text : refuse(context, `'${text}' is none of ${options.join(', ')}`),
    )

/** Comma-separated words, trimmed, empty ones left out. */
export const list = () =>
  z.string().transform(text =>
    text
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== ''),
  )

/** A URL without credentials, with one of the given protocols, such as `['file:', 's3:']`. */
export const url = (protocols: readonly string[]) =>
  z.string().transform((text, context) => {
    const problem = urlProblem(text, protocols)
    if (problem) return refuse(context, problem)
    const parsed = new URL(text)
    return parsed.username || parsed.password ? refuse(context, 'credentials do not belong in this URL') : parsed
  })

/** A string that no log, error or response may show. */
export const secret = () => z.string().transform(text => new Secret(text))

/** A URL that may carry credentials, kept whole as a secret. */
export const secretUrl = (protocols: readonly string[]) =>
  z.string().transform((text, context) => {
    const problem = urlProblem(text, protocols)
    return problem ? refuse(context, problem) : new Secret(text)
  })

/** Says what is wrong without repeating the text: it may hold a password. */
const urlProblem = (text: string, protocols: readonly string[]): string | null => {
  if (!URL.canParse(text)) return 'not a URL'
  const { protocol } = new URL(text)
  return protocols.includes(protocol)
    ? null
    : `a URL that starts with ${protocol} where one of ${protocols.join(' ')} is needed`
}

const quantity = (text: string, units: Readonly<Record<string, number>>): number | null => {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([a-zA-Z]+)$/.exec(text) ?? []
  const factor = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit]
  return factor === undefined ? null : Math.round(Number(digits) * factor)
}

const refuse = (context: z.RefinementCtx, message: string): never => {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}
