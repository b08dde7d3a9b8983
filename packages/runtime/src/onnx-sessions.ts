import type ort from 'onnxruntime-node'
import type { Handlers } from './handler.ts'
import { createSession, signatureOf, toOrt, toSlot } from './ort-session.ts'
import type { ChildOptions } from './protocol.ts'
import { bytesOf, tensorOver } from './tensor.ts'

/** The sessions of a child, driven by requests; what the native library refuses is thrown. */
export function onnxSessions(options: ChildOptions): Handlers<'load' | 'run' | 'unload' | 'usage'> {
  const sessions = new Map<number, ort.InferenceSession>()

  return {
    load: async ({ session: id }, [model]) => {
      const session = await createSession(model!, options)
      const value = signatureOf(session)
      sessions.set(id, session)
      return { value }
    },

    run: async ({ session: id, inputs }, payloads) => {
      const feeds = inputs.map((slot, i) => [slot.name, toOrt(tensorOver(slot, payloads[i]!))] as const)
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
}
