import { defineErrors } from '@takt/service/errors'

export const timelineError = defineErrors({
  'embedding-malformed': {
    message: (v: { key: string; found: string }) => `embedding ${v.key} is ${v.found}, not float16 [time, grid, dim]`,
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
    message: (v: { key: string; reason: string }) => `head ${v.key} cannot be used: ${v.reason}`,
    retryable: false,
    status: 422,
  },
})
