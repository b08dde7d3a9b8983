import { onnxError } from '../errors.ts'
import { fuseAttention } from './attention.ts'
import type { Fuse } from './fusion.ts'
import { fuseQuantisedBytes, fuseQuantisedLinear } from './quantised-linear.ts'
import { fuseStandardisedLinear } from './standardised-linear.ts'

/** Where a model is to run, and in what its linear layers compute. */
export interface Inference {
  readonly provider: 'cpu' | 'cuda' | 'webgpu'
  readonly precision: 'float32' | 'int8'
}

/**
 * What pays where. The CPU's kernels are measured by the benchmark `infer`; on other providers only what is sure to have
 * a kernel there, and int8 nowhere: its operators are ONNX Runtime's own and of its CPU provider.
 */
const table: {
  readonly [P in Inference['provider']]: { readonly [Q in Inference['precision']]?: readonly Fuse[] }
} = {
  cpu: {
    float32: [fuseStandardisedLinear, fuseAttention],
    int8: [fuseQuantisedBytes, fuseQuantisedLinear, fuseAttention],
  },
  cuda: { float32: [fuseStandardisedLinear] },
  webgpu: { float32: [fuseStandardisedLinear] },
}

/** The fusions of an inference model, in the order of precedence; throws `unsupported_precision`. */
export function fusionsFor({ provider, precision }: Inference): readonly Fuse[] {
  const fuses = table[provider][precision]
  if (!fuses) throw onnxError('unsupported_precision', { provider, precision })
  return fuses
}
