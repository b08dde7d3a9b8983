import { defineErrors } from '@takt/service/errors'

export const workerError = defineErrors({
  'no-labelled-task': {
    message: (v: { head: string; station: string; ranges: number }) =>
      `head ${v.head} has nothing to learn from: of the ${v.ranges} labelled ranges of station ${v.station}, none names a task of its process`,
    retryable: false,
  },
  'no-labelled-video': {
    message: (v: { head: string; task: string }) =>
      `head ${v.head} cannot learn task ${JSON.stringify(v.task)}: it is labelled, but no embedded video shows it; see the coverage and the dead slots of that time`,
    retryable: false,
  },
  'video-not-settled': {
    message: (v: { head: string; untilMs: number }) =>
      `head ${v.head} waits: the labelled video is not embedded beyond ${new Date(v.untilMs).toISOString()}`,
    retryable: true,
  },
  'fit-thread-ended': {
    message: (v: { how: string }) => `the thread that fitted the head ended without one (${v.how})`,
    retryable: true,
  },
})
