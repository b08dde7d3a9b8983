import ort from 'onnxruntime-node'
import type { ChildOptions, Replies, Request } from './protocol.ts'
import { bytesOf, isDType, type TensorSlot, tensorOver } from './tensor.ts'

interface Answer {
  readonly value: Replies[keyof Replies]
  readonly payloads?: readonly Uint8Array[]
}

type Handler<K extends Request['kind']> = (
  request: Extract<Request, { kind: K }>,
  payloads: readonly Uint8Array[],
) => Promise<Answer>

/** The sessions of a child, driven by requests; what the native library refuses is thrown. */
export function onnxSessions({ provider, threads }: ChildOptions) {
  const sessions = new Map<number, ort.InferenceSession>()

  const handlers: { readonly [K in Request['kind']]: Handler<K> } = {
    load: async ({ session: id }, [model]) => {
      const session = await ort.InferenceSession.create(model!, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        // Threads that wait sleep: on a shared machine, spinning costs a tenth more CPU and gains no time.
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      })
      sessions.set(id, session)
      return { value: { inputs: session.inputMetadata.map(toSlot), outputs: session.outputMetadata.map(toSlot) } }
    },

    run: async ({ session: id, inputs }, payloads) => {
      const feeds = inputs.map((slot, i) => [slot.name, toOrt(slot, payloads[i]!)] as const)
      const results = Object.entries(await sessions.get(id)!.run(Object.fromEntries(feeds)))
      const outputs = results.map(([name, { type, dims }]) => toSlot({ name, isTensor: true, type, shape: dims }))
      return { value: { outputs }, payloads: results.map(([, { data }]) => bytesOf(data as ArrayBufferView)) }
    },

    unload: async ({ session: id }) => {
      await sessions.get(id)?.release()
      sessions.delete(id)
      return { value: {} }
    },

    usage: async () => ({ value: {} }),
  }

  return {
    serve: (request: Request, payloads: readonly Uint8Array[]): Promise<Answer> => {
      const handler = handlers[request.kind] as Handler<Request['kind']>
      return handler(request, payloads)
    },
  }
}

function toOrt(slot: TensorSlot, payload: Uint8Array): ort.Tensor {
  return new ort.Tensor(slot.dtype, tensorOver(slot, payload).data, slot.shape)
}

/** Only tensors of static shape and a known element type pass. */
function toSlot(metadata: ort.InferenceSession.ValueMetadata): TensorSlot {
  const { name } = metadata
  if (!metadata.isTensor) throw new Error(`"${name}" is not a tensor`)
  const { type, shape } = metadata
  if (!isDType(type)) throw new Error(`"${name}" has element type ${type}`)
  const sizes = shape.map(size => (typeof size === 'number' ? size : Number.NaN))
  if (sizes.some(Number.isNaN)) throw new Error(`"${name}" has dynamic shape [${shape.join(', ')}]`)
  return { name, dtype: type, shape: sizes }
}
