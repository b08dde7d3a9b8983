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
  'video-not-embedded': {
    message: (v: { head: string; segments: number }) =>
      `head ${v.head} waits: ${v.segments} segments of the video that it needs are still to be embedded under its encoder`,
    retryable: true,
  },
  'no-training-video': {
    message: (v: { adaptation: string; encoder: string; stations: number }) =>
      `adaptation ${v.adaptation} has nothing to learn from: of ${v.stations === 0 ? 'all stations' : `its ${v.stations} stations`}, no view has video of the last day that is embedded under encoder ${v.encoder}`,
    retryable: false,
  },
  'method-unknown': {
    message: (v: { adaptation: string; method: string; known: readonly string[] }) =>
      `adaptation ${v.adaptation} asks for method ${JSON.stringify(v.method)}; there are ${v.known.join(', ')}`,
    retryable: false,
  },
  'embedding-unlike': {
    message: (v: { key: string; found: string; width: number }) =>
      `embedding ${v.key} is ${v.found}, not float16 [time, grid, dim] of ${v.width} features a step`,
    retryable: false,
  },
  'encoder-collapsed': {
    message: (v: { adaptation: string; step: number; lost: string }) =>
      `adaptation ${v.adaptation} ends at step ${v.step} without an encoder: its features have collapsed (${v.lost}); another method, a lower rate or video that shows more may help`,
    retryable: false,
  },
  'checkpoint-malformed': {
    message: (v: { key: string; found: string }) => `${v.key} is no checkpoint of its step: it says ${v.found}`,
    retryable: false,
  },
  'adaptation-stopped': {
    message: (v: { adaptation: string }) => `adaptation ${v.adaptation} was asked to stop`,
    retryable: false,
  },
  'adaptation-lost': {
    message: (v: { adaptation: string; holder: string }) =>
      `adaptation ${v.adaptation} is no longer held by ${v.holder}: it is another worker's, or over`,
    retryable: false,
  },
  'nothing-observed': {
    message: (v: { discovery: string; station: string; observedSeconds: number }) =>
      `discovery ${v.discovery} sees only ${v.observedSeconds} s of station ${v.station} in its window: no more video of it is embedded under its encoder`,
    retryable: false,
  },
  'discover-thread-ended': {
    message: (v: { how: string }) => `the thread that looked for cycles ended without an answer (${v.how})`,
    retryable: true,
  },
  'fit-thread-ended': {
    message: (v: { how: string }) => `the thread that fitted the head ended without one (${v.how})`,
    retryable: true,
  },
})
