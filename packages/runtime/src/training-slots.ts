import { runtimeError } from './errors.ts'
import type { Signature } from './protocol.ts'
import { elementCount, printSlot, type TensorSlot, type Tensors } from './tensor.ts'

/** How a training model names the state after its steps: `weight` goes in and `next.weight` comes out. */
const NEXT = 'next.'

/** What a training model takes and gives, by role. */
export interface TrainingSlots {
  readonly state: readonly TensorSlot[]
  /** What each call brings: batches and schedules of all its steps. */
  readonly inputs: readonly TensorSlot[]
  /** Losses and whatever else each step gives: `[steps, …]`. */
  readonly collected: readonly TensorSlot[]
  /** Steps a call. */
  readonly steps: number
  readonly outputOf: (state: string) => string
}

/** Reads the roles off names and shapes; throws `bad_training_model`. */
export function trainingSlots({ inputs, outputs }: Signature): TrainingSlots {
  const refuse = (reason: string) => runtimeError('bad_training_model', { reason })
  const state = outputs
    .filter(({ name }) => name.startsWith(NEXT))
    .map(slot => ({ ...slot, name: slot.name.slice(NEXT.length) }))
  const collected = outputs.filter(({ name }) => !name.startsWith(NEXT))
  if (state.length === 0) throw refuse(`none of its outputs is named ${NEXT}…`)
  for (const slot of state) {
    if (inputs.some(input => printSlot(input) === printSlot(slot))) continue
    throw refuse(`it gives ${NEXT}${printSlot(slot)} but does not take ${printSlot(slot)}`)
  }
  const steps = collected[0]?.shape[0]
  if (!steps) throw refuse('it collects nothing from its steps')
  const odd = collected.find(({ shape }) => shape[0] !== steps)
  if (odd) throw refuse(`it collects ${printSlot(collected[0]!)} and ${printSlot(odd)}, of different numbers of steps`)
  return {
    state,
    inputs: inputs.filter(({ name }) => !state.some(slot => slot.name === name)),
    collected,
    steps,
    outputOf: name => NEXT + name,
  }
}

/** Throws `bad_tensors` unless `tensors` are exactly those of the slots. */
export function requireTensors(what: 'state' | 'inputs', tensors: Tensors, slots: readonly TensorSlot[]): void {
  const refuse = (reason: string) => runtimeError('bad_tensors', { what, reason })
  for (const slot of slots) {
    const tensor = Object.hasOwn(tensors, slot.name) ? tensors[slot.name] : undefined
    if (!tensor) throw refuse(`${printSlot(slot)} is missing`)
    const found = printSlot({ ...tensor, name: slot.name })
    if (found !== printSlot(slot)) throw refuse(`${found} is given for ${printSlot(slot)}`)
    const { length } = tensor.data
    if (length !== elementCount(slot.shape)) throw refuse(`${found} has ${length} elements`)
  }
  const strange = Object.keys(tensors).find(name => !slots.some(slot => slot.name === name))
  if (strange !== undefined) throw refuse(`the model does not take ${strange}`)
}
