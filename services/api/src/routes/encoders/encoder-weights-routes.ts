import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { blobKeys } from '@takt/blobs'
import { registerImported } from '@takt/db'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { RouteContext, Routes } from '../../context.ts'
import { media, problems } from '../../http/answers.ts'
import { found, refuseTakenName } from '../../http/database-refusals.ts'
import { idParams, name } from '../../http/fields.ts'
import { encoderDocument, IMPORTED, presentEncoder } from './encoder-document.ts'
import { readSpec, receiveWeights } from './receive-weights.ts'

const tags = ['encoders']
const octets = 'application/octet-stream'

const importQuery = z.strictObject({
  name: name(),
  serving: z
    .enum(['no', 'yes'])
    .default('no')
    .describe(
      "`yes`: the plant's default in place of the one before; stations without a release are embedded under it.",
    ),
})

export const encoderWeightsRoutes: Routes = (app, context) => {
  app.get(
    '/encoders/:id/weights',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: "Get an encoder's weights",
        params: idParams,
        response: {
          200: media(octets, "A safetensors file; what it is of stands in the encoder's `spec`."),
          ...problems,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const { weightsKey } = found(await context.db.prisma.encoder.findUnique({ where: { id } }), 'encoder', id)
      const { body, size } = await context.blobs.stream(weightsKey)
      return reply.type(octets).header('content-length', size).send(body)
    },
  )

  // On its own, so that no other route takes bytes.
  app.register(async own => {
    own.addContentTypeParser(octets, async (_request: unknown, body: Readable) => body)
    own.withTypeProvider<ZodTypeProvider>().post(
      '/encoders',
      {
        config: { scope: 'admin' },
        schema: {
          tags,
          summary: 'Import an encoder',
          description:
            'A safetensors file with the spec as its metadata `spec`, as `takt encoders import` makes it of foundation weights; 2 GiB at most. Its tensors are checked against the spec.',
          consumes: [octets],
          querystring: importQuery,
          body: z.instanceof(Readable).meta({ type: 'string', format: 'binary' }),
          response: { 201: encoderDocument, ...problems },
        },
      },
      async ({ query, body }, reply) => {
        const id = await importEncoder(context, { ...query, body })
        const row = await context.db.prisma.encoder.findUniqueOrThrow({ where: { id } })
        return reply.code(201).header('location', `/v1/encoders/${id}`).send(presentEncoder(row))
      },
    )
  })
}

interface Import extends z.output<typeof importQuery> {
  readonly body: Readable
}

/** Checks the file before anything is kept: first the object, then the row. A row that is refused leaves no object. */
async function importEncoder({ db, blobs, signal }: RouteContext, { name, serving, body }: Import): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'takt-encoder-'))
  try {
    const path = join(folder, 'weights.safetensors')
    const sha256 = await receiveWeights(body, path, signal)
    const spec = await readSpec(path)
    const id = crypto.randomUUID()
    const weightsKey = blobKeys.encoderWeights({ encoder: id })
    await blobs.put(weightsKey, { path })
    const row = { id, name, method: IMPORTED, spec: { ...spec }, weightsKey, serving: serving === 'yes' }
    await refuseTakenName('encoder', name, () => registerImported(db, { ...row, learntFrom: { sha256 } })).catch(
      async (error: unknown) => {
        await blobs.remove(weightsKey)
        throw error
      },
    )
    return id
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
