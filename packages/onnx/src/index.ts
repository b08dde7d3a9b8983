export { emitModel, lowerGraph, type NamedTensors } from './emit-model.ts'
export { OnnxError } from './errors.ts'
export { fromFloat32, toFloat32 } from './float16.ts'
export { fuseAttention } from './fusions/attention.ts'
export type { Fuse } from './fusions/fusion.ts'
export { fusionsFor, type Inference } from './fusions/fusions-for.ts'
export { fuseStandardisedLinear } from './fusions/standardised-linear.ts'
export { decodeNpy, encodeNpy, type NpyArray, npyLayout } from './npy.ts'
export { decodeNpyMatrix, type Matrix } from './npy-matrix.ts'
export {
  decodeSafetensors,
  encodeSafetensors,
  LONGEST_SAFETENSORS_HEAD,
  type Safetensors,
  safetensorsLayout,
} from './safetensors.ts'
