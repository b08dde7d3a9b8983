import { defineErrors } from '@takt/service/errors'

const listed = (values: readonly string[]): string => values.map(value => JSON.stringify(value)).join(', ')

/** What the API refuses, and how it says so. */
export const apiError = defineErrors({
  unauthenticated: {
    message: (v: { why: string }) => `this needs an API key (Authorization: Bearer takt_…): ${v.why}`,
    retryable: false,
    status: 401,
  },
  'scope-missing': {
    message: (v: { scope: string; granted: readonly string[] }) =>
      `this needs a key with scope ${v.scope}; the given one has ${v.granted.join(', ')}`,
    retryable: false,
    status: 403,
  },
  'route-unguarded': {
    message: (v: { route: string }) => `route ${v.route} declares no scope`,
    retryable: false,
  },
  'invalid-request': {
    message: (v: {
      problems: readonly { readonly at: string; readonly message: string; readonly value?: unknown }[]
    }) =>
      v.problems
        .map(({ at, message, value }) => `${at}: ${message}${value === undefined ? '' : ` (got ${value})`}`)
        .join('; '),
    retryable: false,
    status: 400,
  },
  'route-unknown': {
    message: (v: { method: string; path: string }) => `there is nothing at ${v.method} ${v.path}; see /reference`,
    retryable: false,
    status: 404,
  },
  'method-not-allowed': {
    message: (v: { method: string; path: string; allowed: readonly string[] }) =>
      `${v.path} knows ${v.allowed.join(', ')}, not ${v.method}`,
    retryable: false,
    status: 405,
  },
  'not-acceptable': {
    message: (v: { accept: string; offered: readonly string[] }) =>
      `Accept: ${v.accept} is not among ${v.offered.join(', ')}`,
    retryable: false,
    status: 406,
  },
  'too-many-requests': {
    message: (v: { limit: number; retryAfterSeconds: number }) =>
      `more than ${v.limit} requests a minute from this address; try again in ${v.retryAfterSeconds} s`,
    retryable: true,
    status: 429,
  },
  'database-away': {
    message: () => 'the database cannot do this at the moment',
    retryable: true,
    status: 503,
  },
  'not-found': {
    message: (v: { what: string; id: string }) => `there is no ${v.what} ${v.id}`,
    retryable: false,
    status: 404,
  },
  'reference-unknown': {
    message: (v: { what: string; id: string; at: string }) => `${v.at} names ${v.what} ${v.id}, which is not there`,
    retryable: false,
    status: 422,
  },
  'name-taken': {
    message: (v: { what: string; name: string }) => `there is a ${v.what} named ${JSON.stringify(v.name)} already`,
    retryable: false,
    status: 409,
  },
  'camera-url-refused': {
    message: (v: { reason: string }) => `the camera's URL is refused: ${v.reason}`,
    retryable: false,
    status: 422,
  },
  'camera-removed': {
    message: (v: { camera: string; removedAt: string }) => `camera ${v.camera} was removed at ${v.removedAt}`,
    retryable: false,
    status: 409,
  },
  'view-must-be-required': {
    message: (v: { view: string }) =>
      `view ${JSON.stringify(v.view)} must be required: a station waits for its required views, and this one has no other`,
    retryable: false,
    status: 422,
  },
  'view-out-of-order': {
    message: (v: { view: string; validFrom: string; current: string }) =>
      `a revision of view ${JSON.stringify(v.view)} from ${v.validFrom} would not come after the one from ${v.current}`,
    retryable: false,
    status: 409,
  },
  'process-refused': {
    message: (v: { problems: readonly { readonly path: string; readonly message: string }[] }) =>
      `the process is not valid: ${v.problems.map(problem => problem.message).join('; ')}`,
    retryable: false,
    status: 422,
  },
  'process-version-out-of-order': {
    message: (v: { validFrom: string; newest: string }) =>
      `a version from ${v.validFrom} would not come after the newest one, from ${v.newest}`,
    retryable: false,
    status: 409,
  },
  'process-missing': {
    message: (v: { station: string }) => `station ${v.station} has no process; assign one first`,
    retryable: false,
    status: 409,
  },
  'discovery-unnameable': {
    message: (v: { discovery: string; why: string }) => `discovery ${v.discovery} has no steps to name: ${v.why}`,
    retryable: false,
    status: 409,
  },
  'encoder-missing': {
    message: () => 'no encoder serves this plant yet',
    retryable: false,
    status: 409,
  },
  'encoder-refused': {
    message: (v: { reason: string }) => `the encoder is refused: ${v.reason}`,
    retryable: false,
    status: 422,
  },
  'encoder-too-large': {
    message: (v: { limit: number }) => `the encoder's file is longer than the ${v.limit} bytes that are taken`,
    retryable: false,
    status: 413,
  },
  'encoder-not-trainable': {
    message: (v: { encoder: string }) =>
      `encoder ${v.encoder} is of weights that were imported, which are not trained on; name one with Takt's own architecture`,
    retryable: false,
    status: 409,
  },
  'encoder-ambiguous': {
    message: (v: { encoders: readonly string[] }) =>
      `the stations are timed under ${v.encoders.length} encoders; name the one that is meant: ${v.encoders.join(', ')}`,
    retryable: false,
    status: 409,
  },
  'labels-refused': {
    message: (v: { problems: readonly { readonly row?: number; readonly message: string }[] }) =>
      `nothing was imported: ${v.problems.map(problem => problem.message).join('; ')}`,
    retryable: false,
    status: 422,
  },
  'steps-unknown': {
    message: (v: { source: string; unknown: readonly string[]; known: readonly string[] }) =>
      `${v.source} has no step ${listed(v.unknown)}; its steps are ${listed(v.known)}`,
    retryable: false,
    status: 422,
  },
  'label-range-overlaps': {
    message: (v: { source: string; ranges: readonly string[] }) =>
      `${v.source} is labelled in that time already, by ${v.ranges.join(', ')}; delete those ranges first`,
    retryable: false,
    status: 409,
  },
  'csv-malformed': {
    message: (v: { problem: string }) => `the CSV cannot be read: ${v.problem}`,
    retryable: false,
    status: 400,
  },
  'window-refused': {
    message: (v: { why: string }) => `the window is refused: ${v.why}`,
    retryable: false,
    status: 400,
  },
  'page-token-refused': {
    message: () => 'this cursor is none that a listing here has given out',
    retryable: false,
    status: 400,
  },
  'feed-token-refused': {
    message: (v: { why: string }) => `this is not a token of the change feed: ${v.why}`,
    retryable: false,
    status: 400,
  },
  'feed-restart-needed': {
    message: () =>
      'the feed cannot be read on from this token: take GET /v1/changes/now, list the timings and cycles anew, then follow from there',
    retryable: false,
    status: 410,
  },
  'head-not-ready': {
    message: (v: { head: string; state: string }) => `head ${v.head} is ${v.state}, not ready`,
    retryable: false,
    status: 409,
  },
  'head-of-another-station': {
    message: (v: { head: string; station: string }) => `head ${v.head} belongs to station ${v.station}`,
    retryable: false,
    status: 409,
  },
  'release-retroactive': {
    message: (v: { effectiveAt: string; inForceSince: string }) =>
      `a release from ${v.effectiveAt} would come before the one in force, from ${v.inForceSince}`,
    retryable: false,
    status: 409,
  },
  removed: {
    message: (v: { what: string; id: string; reason: string }) => `${v.what} ${v.id} was removed: ${v.reason}`,
    retryable: false,
    status: 410,
  },
  'video-missing': {
    message: (v: { what: string; cameras: readonly string[] }) =>
      `no video of ${v.what} is kept by camera ${v.cameras.join(', ') || '(none)'}; its coverage says why`,
    retryable: false,
    status: 404,
  },
  'video-unreadable': {
    message: (v: { why: string }) => `the stored video cannot be shown: ${v.why}`,
    retryable: false,
    status: 422,
  },
  'video-busy': {
    message: (v: { why: string }) => `the video cannot be made at the moment: ${v.why}`,
    retryable: true,
    status: 503,
  },
  'event-differs': {
    message: (v: { source: string; eventId: string; differs: readonly string[] }) =>
      `event ${JSON.stringify(v.eventId)} of ${JSON.stringify(v.source)} is known with another ${v.differs.join(' and another ')}; what was told is never edited`,
    retryable: false,
    status: 409,
  },
  'clock-skew-refused': {
    message: (v: { source: string; sentTime: string; skewMs: number; limitMs: number }) =>
      `the clock of ${JSON.stringify(v.source)} is ${v.skewMs} ms off, more than ${v.limitMs}: it said ${v.sentTime} when this was sent`,
    retryable: false,
    status: 422,
  },
  'event-in-the-future': {
    message: (v: { source: string; eventId: string; time: string; now: string; limitMs: number }) =>
      `event ${JSON.stringify(v.eventId)} of ${JSON.stringify(v.source)} at ${v.time} lies ahead of our clock at ${v.now} by more than ${v.limitMs} ms`,
    retryable: false,
    status: 422,
  },
  'event-too-late': {
    message: (v: { source: string; eventId: string; time: string; now: string; limitMs: number }) =>
      `event ${JSON.stringify(v.eventId)} of ${JSON.stringify(v.source)} at ${v.time} is told too late: more than ${v.limitMs / 3_600_000} hours before ${v.now}`,
    retryable: false,
    status: 422,
  },
  'revision-missing': {
    message: (v: { timing: string; given: string | null }) =>
      `If-Match: ${v.given ?? '(none)'} names no revision of timing ${v.timing}; send the ETag of GET /v1/timings/${v.timing}, such as "3"`,
    retryable: false,
    status: 428,
  },
  'revision-stale': {
    message: (v: { timing: string; seen: number; revision: number }) =>
      `timing ${v.timing} is at revision ${v.revision} by now, not ${v.seen}; look at it again`,
    retryable: false,
    status: 412,
  },
  'correction-refused': {
    message: (v: { timing: string; why: string }) => `timing ${v.timing} cannot be corrected so: ${v.why}`,
    retryable: false,
    status: 422,
  },
  'correction-superseded': {
    message: (v: { correction: string; by: string }) =>
      `correction ${v.correction} was corrected again by ${v.by}; withdraw that first`,
    retryable: false,
    status: 409,
  },
  'too-many-streams': {
    message: (v: { most: number }) => `${v.most} streams of changes are open already; read /v1/changes instead`,
    retryable: true,
    status: 503,
  },
  'webhook-target-refused': {
    message: (v: { host: string; why: string }) => `nothing is sent to ${v.host}: ${v.why}`,
    retryable: false,
    status: 422,
  },
  'range-unsatisfiable': {
    message: (v: { range: string; size: number }) => `range ${v.range} lies outside the ${v.size} bytes`,
    retryable: false,
    status: 416,
  },
})
