import { defineErrors } from '@takt/service/errors'

export const dbError = defineErrors({
  'seal-broken': {
    message: (v: { context: string }) =>
      `the sealed value of ${v.context} cannot be opened: it was altered, moved, or sealed with another secret`,
    retryable: false,
  },
  'coverage-moved': {
    message: (v: { camera: string; expected: string | null }) =>
      `coverage of camera ${v.camera} no longer ends at ${v.expected ?? 'nothing'}: another ingest has written since`,
    retryable: true,
  },
  'segment-unknown': {
    message: (v: { segment: string }) => `segment ${v.segment} is not known`,
    retryable: false,
    status: 404,
  },
  'station-unknown': {
    message: (v: { station: string }) => `station ${v.station} is not known`,
    retryable: false,
    status: 404,
  },
  'head-unknown': {
    message: (v: { head: string }) => `head ${v.head} is not known`,
    retryable: false,
    status: 404,
  },
  'timing-unknown': {
    message: (v: { entity: string; id: string }) =>
      `${v.entity} ${v.id} cannot be published: it, or the step or release that it names, is not there`,
    retryable: false,
  },
  'discovery-unknown': {
    message: (v: { discovery: string }) => `discovery ${v.discovery} is not known`,
    retryable: false,
    status: 404,
  },
  'adaptation-unknown': {
    message: (v: { adaptation: string }) => `adaptation ${v.adaptation} is not known`,
    retryable: false,
    status: 404,
  },
  'adaptation-over': {
    message: (v: { adaptation: string; state: string }) => `adaptation ${v.adaptation} is ${v.state} already`,
    retryable: false,
    status: 409,
  },
  'release-unknown': {
    message: (v: { release: string }) => `release ${v.release} is not known`,
    retryable: false,
    status: 404,
  },
})
