import { defineErrors } from '@takt/service/errors'

export const workerError = defineErrors({
  'weights-malformed': {
    message: (v: { key: string; reason: string }) => `the weights ${v.key} cannot be used: ${v.reason}`,
    retryable: false,
  },
  'no-labelled-video': {
    message: (v: { head: string; station: string; ranges: number }) =>
      `head ${v.head} has nothing to learn from: station ${v.station} has ${v.ranges} labelled ranges and no embedded video in them`,
    retryable: false,
  },
  'video-not-settled': {
    message: (v: { head: string; untilMs: number }) =>
      `head ${v.head} waits: the labelled video is not embedded beyond ${new Date(v.untilMs).toISOString()}`,
    retryable: true,
  },
})
