import { parseRfc3339 } from '@takt/domain'
import { z } from 'zod'

/** Postgres keeps no NUL in text, and no name needs a control character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const control = /[\u0000-\u001f\u007f]/

/** A line of text as people write it, trimmed. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine(text => !control.test(text), 'holds a control character')
    .refine(text => text.isWellFormed(), 'is not well-formed Unicode')

export const name = () => line(120)

/** A UUID, in lower case as Postgres writes it. */
export const id = () => z.guid().toLowerCase().meta({ format: 'uuid' })

const earliest = Date.UTC(1970, 0, 1)
const latest = Date.UTC(2200, 0, 1)

/** An instant as a client gives it: RFC 3339 with a zone, from 1970 to 2199; kept to the millisecond. */
export const instant = () =>
  z
    .string()
    .max(40)
    .meta({ format: 'date-time' })
    .transform((text, context) => {
      const ms = parseRfc3339(text)
      if (ms !== null && ms >= earliest && ms < latest) return new Date(Math.round(ms))
      context.addIssue({ code: 'custom', message: 'is not an RFC 3339 time with a zone, from 1970 to 2199' })
      return z.NEVER
    })

/** An instant as documents give it: RFC 3339 UTC with milliseconds. */
export const time = () => z.string().meta({ format: 'date-time', examples: ['2026-11-24T08:00:00.000Z'] })

/** How many to list. */
export const limit = ({ usual, most }: { readonly usual: number; readonly most: number }) =>
  z.coerce.number().int().min(1).max(most).default(usual)

/** What a listing gave as `next`. */
export const cursor = () =>
  z
    .string()
    .max(300)
    .regex(/^[A-Za-z0-9_-]+$/)
    .optional()

/** A fraction of the picture's width or height. */
const fraction = () => z.number().min(0).max(1)

/** A rectangle within the picture, as fractions of it from the top left. */
export const rectangle = z
  .strictObject({ x: fraction(), y: fraction(), width: fraction().positive(), height: fraction().positive() })
  .refine(r => r.x + r.width <= 1 + 1e-9 && r.y + r.height <= 1 + 1e-9, 'reaches beyond the picture')
  .meta({ id: 'Rectangle' })

export const idParams = z.object({ id: id() })
