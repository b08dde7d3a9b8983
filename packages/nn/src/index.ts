export { encoderModel } from './encoder-model.ts'
export { type EncoderSpec, parseEncoderSpec, plantEncoderSpec } from './encoder-spec.ts'
export { NnError } from './errors.ts'
export { type Initialiser, ones, truncatedNormal, xavierUniform, zeros } from './initialisers.ts'
export { mapNamed, type Named, namesBelow, prefixNames } from './named.ts'
export { adamW } from './optimisers/adamw.ts'
export { clipByGlobalNorm } from './optimisers/clip-by-global-norm.ts'
export { ema } from './optimisers/ema.ts'
export { lars } from './optimisers/lars.ts'
export { namedGradients } from './optimisers/named-gradients.ts'
export type { Optimiser, OptimiserInputs, OptimiserOutputs } from './optimisers/optimiser.ts'
export { decayLayers, decayWeights, type Grouping, type ParameterGroup } from './optimisers/parameter-groups.ts'
export { sgd } from './optimisers/sgd.ts'
export {
  below,
  type Declaration,
  initialLeaf,
  inputLeaf,
  type Leaf,
  leafOf,
  namedLeaves,
  tensorLeaf,
} from './parameters.ts'
export { cosine, type Schedule, teacherTemperature, warmupCosine } from './schedules.ts'
export { type Encoder, untrainedEncoder } from './untrained-encoder.ts'
