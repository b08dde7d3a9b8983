import type { AdaptationWork, TrainingPlan } from '@takt/db'
import type { TrainingMethod } from '@takt/domain'
import { parseEncoderSpec } from '@takt/nn'
import { plantTrainers, type Trainer } from '@takt/ssl'
import { workerError } from '../errors.ts'

/** The trainer of an adaptation, laid out as `plan` says. Throws `method-unknown`, `bad_encoder_spec`, and what the method refuses. */
export function trainerOf({ id, method, parent, seed }: AdaptationWork, plan: TrainingPlan): Trainer {
  if (!Object.hasOwn(plantTrainers, method))
    throw workerError('method-unknown', { adaptation: id, method, known: Object.keys(plantTrainers) })
  return plantTrainers[method as TrainingMethod]({ spec: parseEncoderSpec(parent.spec), seed, ...plan })
}
