import type { EncoderSpec } from '@takt/nn'
import type { ViewPlan } from './augmentation.ts'

/** The encoder's spec with a view's side and frames, to whole patches and whole time steps, at least one of each. */
export function viewSpec({ side, times }: Pick<ViewPlan, 'side' | 'times'>, spec: EncoderSpec): EncoderSpec {
  const whole = (share: number, of: number, unit: number) => Math.max(1, Math.round((share * of) / unit)) * unit
  return {
    ...spec,
    inputSize: whole(side, spec.inputSize, spec.patch),
    frames: whole(times, spec.frames, spec.tubelet),
  }
}
