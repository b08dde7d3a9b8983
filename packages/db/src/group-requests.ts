import type { Range } from '@takt/domain'

/** Requests that lie this near to each other are revised together, ms: one job heals a gap. */
const neighboursWithinMs = 60_000

/** No group is longer, unless one request alone is, ms: it is decoded at once, with a margin around it. */
const longestGroupMs = 3_600_000

/** Groups requests that are near each other, in the order of their start. */
export function groupRequests<Request extends Range>(requests: readonly Request[]): Request[][] {
  const groups: Request[][] = []
  let startMs = 0
  let endMs = 0
  for (const request of requests.toSorted((a, b) => a.startUtcMs - b.startUtcMs)) {
    const last = groups.at(-1)
    if (last && request.startUtcMs - endMs <= neighboursWithinMs && request.endUtcMs - startMs <= longestGroupMs) {
      last.push(request)
      endMs = Math.max(endMs, request.endUtcMs)
      continue
    }
    groups.push([request])
    startMs = request.startUtcMs
    endMs = request.endUtcMs
  }
  return groups
}
