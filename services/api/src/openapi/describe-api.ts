import swagger from '@fastify/swagger'
import reference from '@scalar/fastify-api-reference'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { referencedSchemas } from './referenced-schemas.ts'

const description = `Step timings of a plant, from its cameras.

- Instants are RFC 3339 UTC with milliseconds; durations are \`durationMs\`, with a standard deviation \`durationSdMs\`.
- Times are *observed*: no ISO 22400 element is meant. A station is an ISA-95 work unit; \`jobOrderId\`, \`startTime\` and \`endTime\` are JobOrderID, StartTime and EndTime of OPC 10031-4.
- A censored timing touches missing video and has no duration.
- A published timing is never edited: a revision supersedes it, a tombstone removes it; \`/v1/changes\` has both in the order of their commits.
- An encoder of method \`untrained\` has seeded random weights: nothing has been learnt from video yet. Its heads are learnt from labels alone.
- Refusals are problem documents (RFC 9457).`

/** `readonly` is for our types; in OpenAPI `readOnly` would say that a client may not send it. */
const zodToJsonConfig = {
  override: ({ jsonSchema }: { readonly jsonSchema: { readOnly?: boolean } }) => {
    delete jsonSchema.readOnly
  },
}
const toJsonSchemas = createJsonSchemaTransform({ zodToJsonConfig })
const addComponents = createJsonSchemaTransformObject({ zodToJsonConfig })

/** A route as the document shows it, with the scope that it needs. */
const transform: typeof toJsonSchemas = document => {
  const { schema, url } = toJsonSchemas(document)
  const scope = document.route.config?.scope
  return { schema: { ...schema, ...(scope && { security: [{ key: [scope] }] }) }, url }
}

/** Every registered schema comes as an input and as an output; the document has those that it refers to. */
const transformObject: typeof addComponents = document => {
  const whole = addComponents(document)
  const { components } = whole as { components?: { schemas?: Record<string, object> } }
  return { ...whole, components: { ...components, schemas: referencedSchemas(whole.paths, components?.schemas ?? {}) } }
}

/** OpenAPI 3.1 at `/openapi.json`, and a reference page at `/reference` that loads nothing from elsewhere. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Takt', version: '1', description },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: `takt_<prefix>_<secret>`.' },
        },
      },
      security: [{ key: [] }],
    },
    transform,
    transformObject,
  })
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').serializer(String).send(JSON.stringify(app.swagger())),
  )
  await app.register(reference, {
    routePrefix: '/reference',
    configuration: {
      url: '/openapi.json',
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
    },
  })
}
