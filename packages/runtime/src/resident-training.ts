import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type ort from 'onnxruntime-node'
import { firstNotFinite } from './first-not-finite.ts'
import type { Handlers } from './handler.ts'
import { createSession, signatureOf, toOrt } from './ort-session.ts'
import { readPlacements } from './placement.ts'
import type { Advance, ChildOptions, NotFinite } from './protocol.ts'
import {
  bytesOf,
  packTensors,
  type Tensor,
  type TensorSlot,
  type Tensors,
  tensorOver,
  unpackTensors,
} from './tensor.ts'
import { type TrainingSlots, trainingSlots } from './training-slots.ts'

/**
 * A training model with its state, which stays here from call to call: what a call gives takes the state's place only if
 * all that it was brought and all that it collected is finite. A refused call leaves the state as it was. The state
 * itself is looked through when it is copied out: tens of millions of values, which take a tenth of a step.
 */
export function residentTraining(
  options: ChildOptions,
): Handlers<'openTraining' | 'setState' | 'copyState' | 'advance'> {
  let session: ort.InferenceSession
  let slots: TrainingSlots
  let current: Tensors
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
      const profilePrefix = join(profileFolder, 'first-call')
      session = await createSession(model!, { ...options, profilePrefix, memory: 'frugal' })
      return { value: signatureOf(session) }
    },

    setState: async ({ state }, payloads) => {
      slots = trainingSlots(signatureOf(session))
      current = unpackTensors(state, payloads)
      return { value: {} }
    },

    copyState: async () => {
      const notFinite = findNotFinite(Object.entries(current).map(([name, tensor]) => [slots.outputOf(name), tensor]))
      if (notFinite) return { value: { notFinite } }
      const { slots: state, payloads } = packTensors(current)
      return { value: { state }, payloads }
    },

    advance: async ({ inputs }, payloads) => {
      const brought = unpackTensors(inputs, payloads)
      const feeds = Object.entries({ ...current, ...brought })
      const startedAt = performance.now()
      const results = await session.run(Object.fromEntries(feeds.map(([name, tensor]) => [name, toOrt(tensor)])))
      const runMs = performance.now() - startedAt

      const found = (output: string, slot: TensorSlot) => {
        return tensorOver(slot, bytesOf(results[output]!.data as ArrayBufferView))
      }
      const collected = Object.fromEntries(slots.collected.map(slot => [slot.name, found(slot.name, slot)]))
      const next = Object.fromEntries(slots.state.map(slot => [slot.name, found(slots.outputOf(slot.name), slot)]))
      const notFinite = findNotFinite([...Object.entries(brought), ...Object.entries(collected)])
      release(brought)
      release(notFinite ? next : current)
      if (!notFinite) current = next

      const packed = packTensors(collected)
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

/**
 * Gives memory back at once. The garbage collector would let a whole state more pile up: each result is a copy that the
 * binding makes, also of what is written into a buffer that it is given.
 */
function release(tensors: Tensors): void {
  for (const { data } of Object.values(tensors)) (data.buffer as ArrayBuffer).transfer(0)
}

function findNotFinite(tensors: readonly (readonly [string, Tensor])[]): NotFinite | undefined {
  for (const [name, tensor] of tensors) {
    const element = firstNotFinite(tensor)
    if (element >= 0) return { name, element }
  }
  return undefined
}
