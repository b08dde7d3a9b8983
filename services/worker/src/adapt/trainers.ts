import type { AdaptationWork, TrainingPlan } from '@takt/db'
import { parseEncoderSpec } from '@takt/nn'
import { type Trainer, type VideoMaeTrainerOptions, videoMaePresets, videoMaeTrainer } from '@takt/ssl'
import { workerError } from '../errors.ts'

type TrainerOptions = Pick<VideoMaeTrainerOptions, 'spec' | 'seed'> & TrainingPlan

/** Every method that a plant's encoder can be trained by, with what suits a plant. A new method is one row. */
const trainers: Readonly<Record<string, (options: TrainerOptions) => Trainer>> = {
  'video-mae': options => videoMaeTrainer({ ...options, preset: videoMaePresets.plant }),
}

/** The trainer of an adaptation, laid out as `plan` says. Throws `method-unknown`, `bad_encoder_spec`, and what the method refuses. */
export function trainerOf({ id, method, parent, seed }: AdaptationWork, plan: TrainingPlan): Trainer {
  const make = Object.hasOwn(trainers, method) ? trainers[method] : undefined
  if (!make) throw workerError('method-unknown', { adaptation: id, method, known: Object.keys(trainers) })
  return make({ spec: parseEncoderSpec(parent.spec), seed, ...plan })
}
