import type { AdaptationWork, TrainingPlan } from '@takt/db'
import type { TrainingMethod } from '@takt/domain'
import { parseEncoderSpec } from '@takt/nn'
import { plantTrainers, type RunOptions, type Trainer } from '@takt/ssl'
import { workerError } from '../errors.ts'

/** Every method that may be asked for is here, or this does not compile. */
const trainers: Readonly<Record<TrainingMethod, (options: RunOptions) => Trainer>> = plantTrainers

/** The trainer of an adaptation, laid out as `plan` says. Throws `method-unknown`, `bad_encoder_spec`, and what the method refuses. */
export function trainerOf({ id, method, parent, seed }: AdaptationWork, plan: TrainingPlan): Trainer {
  if (!Object.hasOwn(trainers, method))
    throw workerError('method-unknown', { adaptation: id, method, known: Object.keys(trainers) })
  return trainers[method as TrainingMethod]({ spec: parseEncoderSpec(parent.spec), seed, ...plan })
}
