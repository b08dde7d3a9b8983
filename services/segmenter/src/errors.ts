import { defineErrors } from '@takt/service/errors'

export const segmenterError = defineErrors({
  'cursor-missing': { message: () => 'the request has no cursor', retryable: false, status: 400 },
  'checkpoint-refused': {
    message: (v: { reason: string }) => `the cursor's checkpoint cannot be used: ${v.reason}`,
    retryable: false,
    status: 400,
  },
  'station-mismatch': {
    message: (v: { station: string; release: string; of: string }) =>
      `release ${v.release} is of station ${v.of}, not of ${v.station}`,
    retryable: false,
    status: 400,
  },
  'window-refused': {
    message: (v: { fromSlot: string; toSlot: string; limit: number }) =>
      `the window from slot ${v.fromSlot} to ${v.toSlot} is empty, longer than ${v.limit} slots, or outside of time`,
    retryable: false,
    status: 400,
  },
  'too-many-streams': {
    message: (v: { limit: number }) => `${v.limit} streams are open already`,
    retryable: true,
    status: 429,
  },
})
