import type { EncoderSpec } from '@takt/nn'
import { sslError } from '../errors.ts'
import type { ViewPlan } from './augmentation.ts'

/** The encoder's spec with a view's side and frames; at least one time step. Throws `bad_view` where no patches fit. */
export function viewSpec({ side, times }: Pick<ViewPlan, 'side' | 'times'>, spec: EncoderSpec): EncoderSpec {
  const inputSize = side * spec.inputSize
  if (!Number.isInteger(inputSize / spec.patch)) throw sslError('bad_view', { size: inputSize, patch: spec.patch })
  const steps = Math.max(1, Math.round((times * spec.frames) / spec.tubelet))
  return { ...spec, inputSize, frames: steps * spec.tubelet }
}
