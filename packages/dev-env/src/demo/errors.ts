import { defineErrors } from '@takt/service/errors'

export const demoError = defineErrors({
  'api-refused': {
    message: (v: { method: string; path: string; status: number; answer: string }) =>
      `${v.method} ${v.path} answered ${v.status}: ${v.answer}`,
    retryable: false,
  },
  'nothing-to-label': {
    message: (v: { station: string }) => `station ${v.station} did no whole step while it was filmed`,
    retryable: false,
  },
  'fit-failed': {
    message: (v: { station: string; reason: string }) =>
      `no head could be fitted for station ${v.station}: ${v.reason}`,
    retryable: false,
  },
  'adaptation-failed': {
    message: (v: { reason: string }) => `the encoder could not be adapted: ${v.reason}`,
    retryable: false,
  },
  'cameras-silent': {
    message: (v: { cameras: string }) => `no video has come from ${v.cameras}`,
    retryable: true,
  },
  'stations-behind': {
    message: (v: { station: string; completeThrough: string }) =>
      `station ${v.station} does not get on: it is complete up to ${v.completeThrough}`,
    retryable: true,
  },
})
