import { defineErrors } from '@takt/service/errors'

export const rpcError = defineErrors({
  'segmenter-unreachable': {
    message: (v: { address: string; status: string; reason: string }) =>
      `no segmenter answers at ${v.address} (${v.status}): ${v.reason}`,
    retryable: true,
  },
  'segmenter-failed': {
    message: (v: { address: string; status: string; reason: string }) =>
      `the segmenter at ${v.address} could not do the call (${v.status}): ${v.reason}`,
    retryable: true,
  },
  'segmenter-refused': {
    message: (v: { address: string; status: string; reason: string }) =>
      `the segmenter at ${v.address} refused the call with ${v.status}: ${v.reason}`,
    retryable: false,
  },
  'address-in-use': {
    message: (v: { address: string }) => `cannot listen for gRPC at ${v.address}`,
    retryable: false,
  },
  'bad-message': {
    message: (v: { field: string; value: string }) => `${v.field} cannot be ${v.value}`,
    retryable: false,
    status: 400,
  },
})
