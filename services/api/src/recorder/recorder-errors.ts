import { defineErrors } from '@takt/service/errors'

export const recorderError = defineErrors({
  'step-of-no-process': {
    message: (v: { head: string; step: string }) =>
      `head ${v.head} finds step ${v.step}, which its process version does not have`,
    retryable: false,
  },
  'batch-without-cursor': {
    message: (v: { station: string }) => `a batch of station ${v.station} came without its next cursor`,
    retryable: true,
  },
})
