export { type AnyEncoderSpec, parseAnyEncoderSpec } from './any-encoder-spec.ts'
export {
  encoderFeatures,
  encoderGraph,
  encoderModel,
  initialParameters,
  requireEncoderParameters,
} from './encoder-model.ts'
export { type EncoderSpec, parseEncoderSpec, plantEncoderSpec } from './encoder-spec.ts'
export { NnError } from './errors.ts'
export type { FoundationSpec } from './foundation/foundation-spec.ts'
export { type ImportedEncoder, importCheckpoint } from './foundation/import-checkpoint.ts'
export { type DinoHead, type DinoHeadSizes, declareDinoHead, dinoHead } from './heads/dino-head.ts'
export {
  declareProjector,
  type Projector,
  type ProjectorSizes,
  projector,
  standardiseColumns,
} from './heads/projector.ts'
export { declarePrototypes, type Prototypes, prototypes } from './heads/prototypes.ts'
export { filled, type Initialiser, ones, truncatedNormal, uniformWithin, xavierUniform, zeros } from './initialisers.ts'
export { labelledCrossEntropy } from './labelled-cross-entropy.ts'
export { declareLinear, type Linear, linear } from './layers/linear.ts'
export { type FeatureRows, rowProjection } from './layers/row-projection.ts'
export { declareTemporalConv, type TemporalConv } from './layers/temporal-conv.ts'
export { dropTokens, gatherTokens, prependTokens } from './layers/tokens.ts'
export { confidenceLoss } from './ms-tcn/confidence-loss.ts'
export type { MaskedTimes } from './ms-tcn/dilated-layer.ts'
export { dropoutFrom, dropoutTableShape } from './ms-tcn/dropout-table.ts'
export {
  declareMsTcn,
  declareMsTcnPlusPlus,
  type MsTcn,
  type MsTcnPlusPlus,
  type MsTcnPlusPlusSpec,
  type MsTcnSpec,
  msTcn,
  msTcnPlusPlus,
} from './ms-tcn/ms-tcn.ts'
export { msTcnLoss, type StepLabels } from './ms-tcn/ms-tcn-loss.ts'
export { mapNamed, type Named, namesBelow, prefixNames } from './named.ts'
export {
  type Carried,
  type Objective,
  type ObjectiveStep,
  objectiveGraph,
  PARAMETERS,
  type ScheduleName,
  stateOf,
  TEACHER,
} from './objective-graph.ts'
export { adamW } from './optimisers/adamw.ts'
export { clipByGlobalNorm, globalNorm } from './optimisers/clip-by-global-norm.ts'
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
export {
  declarePredictor,
  type Masked,
  type Predictor,
  type PredictorSpec,
  predictor,
} from './predictor.ts'
export { random } from './random.ts'
export { cosine, type Schedule, teacherTemperature, warmupCosine } from './schedules.ts'
export {
  declareTimesformer,
  type TimesformerSpec,
  timesformer,
  timesformerTiny,
} from './timesformer/timesformer.ts'
export { trainingGraph } from './training-graph.ts'
export { cutTubelets, normaliseTubelets, tubeletSize, tubelets } from './tubelets.ts'
export { type Encoder, untrainedEncoder } from './untrained-encoder.ts'
export {
  declareVideoVit,
  encodePlaced,
  poolToGrid,
  projectTubelets,
  tokenCount,
  type VideoVit,
  videoPositions,
  videoVit,
  visibleVideoVit,
} from './video-vit.ts'
export { declareVit, type Vit, type VitSpec, vit } from './vit.ts'
export { type VitSize, vitSizes } from './vit-sizes.ts'
