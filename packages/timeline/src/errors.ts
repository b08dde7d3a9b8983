import { defineErrors } from '@takt/service/errors'

export const timelineError = defineErrors({
  'embedding-malformed': {
    message: (v: { key: string; shape: string; dtype: string }) =>
      `embedding ${v.key} is ${v.dtype} [${v.shape}], not float16 [time, grid, dim]`,
    retryable: false,
    status: 422,
  },
  'embedding-short': {
    message: (v: { key: string; steps: number; expected: number }) =>
      `embedding ${v.key} has ${v.steps} time steps where its segment has ${v.expected}`,
    retryable: false,
    status: 422,
  },
  'head-malformed': {
    message: (v: { key: string; tensor: string }) => `tensor ${v.tensor} of head ${v.key} is not float32`,
    retryable: false,
    status: 422,
  },
})
