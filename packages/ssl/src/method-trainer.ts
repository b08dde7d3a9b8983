import { type Graph, type TensorType, type TensorValue, tensorValue } from '@takt/graph'
import {
  initialLeaf,
  mapNamed,
  type Named,
  namedLeaves,
  namesBelow,
  objectiveGraph,
  PARAMETERS,
  prefixNames,
  type Schedule,
  stateOf,
  TEACHER,
} from '@takt/nn'
import { emitModel } from '@takt/onnx'
import { stackedDraws } from './draws.ts'
import { sslError } from './errors.ts'
import { ENCODER, type Method, type Setting } from './method.ts'
import { pickNamed } from './pick-named.ts'
import { recipeSchedules } from './recipe.ts'
import { requireEncoder } from './require-encoder.ts'
import { requireInteger } from './require-integer.ts'
import type { Trainer, TrainerCall } from './trainer.ts'

export interface RunOptions extends Setting {
  readonly stepsPerCall: number
}

/** A method as all of a run but its clips. Throws `bad_trainer`, and what the method refuses. */
export function methodTrainer(options: RunOptions, methodOf: (setting: Setting) => Method): Trainer {
  const { spec, batch, stepsPerCall, steps, seed } = options
  for (const [name, value] of Object.entries({ batch, stepsPerCall, steps })) requireInteger(name, value, 1)
  requireInteger('seed', seed, 0)
  const method = methodOf(options)
  const { recipe, declare, teacher, memory = {}, steady = () => false, draws, objective } = method
  const types = namedLeaves<TensorType>(declare, ({ shape }) => ({ dtype: 'float32', shape }))
  const followed = <T>(learnt: Named<T>) => pickNamed(learnt, teacher?.follows ?? (() => false))
  const frames: TensorType = { dtype: 'uint8', shape: [batch, spec.frames, spec.inputSize, spec.inputSize, 3] }
  const optimiser = recipe.optimiser(spec)
  const schedules = schedulesOf(method, options, Object.keys(types).some(steady))
  const graph = once(() =>
    objectiveGraph({
      stepsPerCall,
      parameters: types,
      teacher: followed(types),
      memory,
      batch: { frames, ...draws.types },
      optimiser,
      clipNorm: recipe.clipNorm,
      steady,
      objective,
    }),
  )
  return {
    method: method.name,
    batch,
    stepsPerCall,
    graph,
    model: () => emitModel(graph(), {}),
    initialState: encoder => {
      requireEncoder(encoder, namesBelow(ENCODER, types))
      const seeded = namedLeaves<TensorValue>(declare, initialLeaf(seed))
      const learnt = { ...seeded, ...prefixNames(ENCODER, encoder as Named<TensorValue>) }
      return stateOf<TensorValue>(learnt, optimiser, { teacher: followed(learnt), memory })
    },
    encoderOf: state => namesBelow((teacher?.serves === 'teacher' ? TEACHER : PARAMETERS) + ENCODER, state),
    inputs: call => {
      const shape = [stepsPerCall, ...frames.shape]
      requireCall(call, shape)
      const numbers = Array.from({ length: stepsPerCall }, (_, i) => call.firstStep + 1 + i)
      const scalars = (schedule: Schedule) =>
        tensorValue({ dtype: 'float32', shape: [stepsPerCall] }, numbers.map(schedule))
      const fed: Named<TensorValue> = {
        frames: { dtype: 'uint8', shape, data: call.frames },
        ...stackedDraws(draws, numbers),
        ...mapNamed(schedules, scalars),
      }
      // Gradient descent does not ask which step it is.
      const taken = new Set(inputNames(graph()))
      return pickNamed(fed, name => taken.has(name))
    },
  }
}

/** What `objectiveGraph` is fed besides its batch. */
function schedulesOf({ recipe, teacher }: Method, setting: Setting, anySteady: boolean): Named<Schedule> {
  return {
    ...recipeSchedules(recipe, setting),
    step: step => step,
    ...(teacher ? { momentum: teacher.momentum } : {}),
    ...(anySteady ? { steadyRate: () => recipe.peakRate(setting.batch) } : {}),
  }
}

function inputNames({ tensors }: Graph): readonly string[] {
  return tensors.flatMap(tensor => (tensor.operator === 'input' ? [tensor.attributes.name] : []))
}

/** The same value each time, made when it is first asked for. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function requireCall({ firstStep, frames }: TrainerCall, shape: readonly number[]): void {
  requireInteger('firstStep', firstStep, 0)
  const expected = shape.reduce((count, size) => count * size, 1)
  if (frames.length !== expected) throw sslError('bad_frames', { found: frames.length, shape })
}
