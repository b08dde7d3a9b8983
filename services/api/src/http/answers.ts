import { z } from 'zod'

/** A problem document as the reference shows it. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().describe('The end of `type`, to branch on.'),
    retryable: z.boolean().describe('Whether the same request may succeed later.'),
    instance: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional().describe('The values that `detail` names.'),
  })
  .meta({ id: 'Problem' })

/** The refusals that every route can answer with. */
export const problems = {
  '4xx': { description: 'Refused (RFC 9457).', content: { 'application/problem+json': { schema: problemSchema } } },
  '5xx': { description: 'Failed (RFC 9457).', content: { 'application/problem+json': { schema: problemSchema } } },
}

/** Nothing to say. */
export const noContent = z.null().describe('Done.')

/** Bytes or text that no schema describes. */
export const media = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.any().meta({ type: 'string', format: 'binary' }) } },
})

/** A listing as JSON or as CSV. */
export const jsonOrCsvPage = <Page extends z.ZodType>(page: Page, columns: readonly string[]) => ({
  description: 'A page; the `Link` header names the next one.',
  content: {
    'application/json': { schema: page },
    'text/csv': { schema: z.string().describe(`Columns: ${columns.join(', ')}`) },
  },
})
