import { defineErrors } from '@takt/service/errors'

export const segmenterError = defineErrors({
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
  'cursor-missing': { message: () => 'the request has no cursor', retryable: false, status: 400 },
  'station-mismatch': {
    message: (v: { station: string; release: string; of: string }) =>
      `release ${v.release} is of station ${v.of}, not of ${v.station}`,
    retryable: false,
    status: 400,
  },
  'window-refused': {
    message: (v: { fromSlot: string; toSlot: string; limit: number }) =>
      `the window from slot ${v.fromSlot} to ${v.toSlot} is empty, or longer than ${v.limit} slots`,
    retryable: false,
    status: 400,
  },
  'too-many-streams': {
    message: (v: { limit: number }) => `${v.limit} streams are open already`,
    retryable: true,
    status: 429,
  },
})
