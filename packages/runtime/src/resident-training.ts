import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type ort from 'onnxruntime-node'
import { firstNotFinite } from './first-not-finite.ts'
import type { Handlers } from './handler.ts'
import { createSession, signatureOf, toOrt } from './ort-session.ts'
import { readPlacements } from './placement.ts'
import type { Advance, ChildOptions } from './protocol.ts'
import { byteCount, bytesOf, packTensors, type Tensor, type Tensors, tensorOver, unpackTensors } from './tensor.ts'
import { type TrainingSlots, trainingSlots } from './training-slots.ts'

/**
 * A training model with its state, which stays here from call to call: each call reads one set of buffers and writes
 * the other, and they change places only if every value is finite. A refused call leaves the state as it was.
 */
export function residentTraining(
  options: ChildOptions,
): Handlers<'openTraining' | 'setState' | 'copyState' | 'advance'> {
  let session: ort.InferenceSession
  let slots: TrainingSlots
  let current: Tensors
  let spare: Tensors
  let unreadProfile: string | undefined

  /** Ends the profile, which covers the first call alone. */
  async function takePlacements(): Promise<Pick<Advance, 'placements'>> {
    if (!unreadProfile) return {}
    const folder = unreadProfile
    unreadProfile = undefined
    session.endProfiling()
    const placements = await readPlacements(folder)
    // A profile has some 500 bytes for each node of each step.
    await rm(folder, { recursive: true })
    return { placements }
  }

  return {
    openTraining: async ({ profileFolder }, [model]) => {
      unreadProfile = profileFolder
      session = await createSession(model!, { ...options, profilePrefix: join(profileFolder, 'first-call') })
      return { value: signatureOf(session) }
    },

    setState: async ({ state }, payloads) => {
      slots = trainingSlots(signatureOf(session))
      current = unpackTensors(state, payloads)
      spare = Object.fromEntries(state.map(slot => [slot.name, tensorOver(slot, new Uint8Array(byteCount(slot)))]))
      return { value: {} }
    },

    copyState: async () => {
      const { slots: state, payloads } = packTensors(current)
      return { value: { state }, payloads }
    },

    advance: async ({ inputs }, payloads) => {
      const feeds = mapTensors({ ...current, ...unpackTensors(inputs, payloads) }, name => name)
      const fetches = mapTensors(spare, name => slots.outputOf(name))
      const startedAt = performance.now()
      const results = await session.run(feeds, {
        ...fetches,
        ...Object.fromEntries(slots.collected.map(({ name }) => [name, null])),
      })
      const runMs = performance.now() - startedAt

      const collected = slots.collected.map(slot => {
        const { data } = results[slot.name]!
        return [slot.name, tensorOver(slot, bytesOf(data as ArrayBufferView))] as const
      })
      const states = Object.entries(spare).map(([name, tensor]) => [slots.outputOf(name), tensor] as const)
      const notFinite = findNotFinite([...collected, ...states])
      if (!notFinite) [current, spare] = [spare, current]

      const packed = packTensors(Object.fromEntries(collected))
      const value: Advance = {
        collected: packed.slots,
        ...(notFinite && { notFinite }),
        ...(await takePlacements()),
        runMs,
        residentBytes: process.memoryUsage.rss(),
      }
      return { value, payloads: packed.payloads }
    },
  }
}

function mapTensors(tensors: Tensors, rename: (name: string) => string): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [rename(name), toOrt(tensor)]))
}

function findNotFinite(outputs: readonly (readonly [string, Tensor])[]): Advance['notFinite'] {
  for (const [output, tensor] of outputs) {
    const element = firstNotFinite(tensor)
    if (element >= 0) return { output, element }
  }
  return undefined
}
