import type { ChangeRow, FeedState } from '@takt/db/listing'
import { tokenAt } from '../routes/changes/feed-token.ts'

/** A change as a CloudEvent 1.0 in structured JSON. Its id is the place in the feed that a reader goes on from. */
export const cloudEvent = (change: ChangeRow, feed: FeedState) => {
  const { seq, ...data } = change
  return {
    specversion: '1.0',
    id: tokenAt(feed, seq),
    source: '/v1/changes',
    type: `takt.${change.entity}.${change.kind}`,
    subject: `stations/${change.stationId}/${change.entity}s/${change.id}`,
    time: change.recordedAt,
    datacontenttype: 'application/json',
    data,
  }
}

export const cloudEventType = 'application/cloudevents+json'
