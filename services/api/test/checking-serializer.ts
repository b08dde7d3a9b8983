import { isDeepStrictEqual } from 'node:util'
import type { FastifySerializerCompiler } from 'fastify'
import { z } from 'zod'

/** Writes a document only if it is exactly what its schema says: nothing missing, nothing more. */
export const checkingSerializer: FastifySerializerCompiler<z.ZodType> = ({ schema, method, url }) => {
  const type = schema instanceof z.ZodType ? schema : (schema as { schema: z.ZodType }).schema
  return data => {
    const written = JSON.stringify(data)
    const document = JSON.parse(written)
    const parsed = type.safeParse(document)
    if (!parsed.success)
      throw new Error(`${method} ${url} answers what its schema does not say: ${parsed.error.message}`)
    if (!isDeepStrictEqual(parsed.data, document))
      throw new Error(`${method} ${url} answers more than its schema says: ${written}`)
    return written
  }
}
