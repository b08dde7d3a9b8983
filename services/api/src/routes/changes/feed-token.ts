import type { FeedState } from '@takt/db/listing'
import { encodeFeedToken, type FeedToken, parseFeedToken, readerMustRestart } from '@takt/domain'
import { apiError } from '../../errors.ts'

/** The feed's epoch is a UUID; a token carries its last 28 bits, which are random. */
const epochOf = ({ epoch }: Pick<FeedState, 'epoch'>): number => Number.parseInt(epoch.slice(-7), 16)

export const tokenAt = (feed: FeedState, seq: bigint): string => encodeFeedToken({ epoch: epochOf(feed), seq })

/** Reads a reader's token; throws `feed-token-refused`. */
export const readToken = (text: string): FeedToken => parseFeedToken(text)

/** Throws `feed-restart-needed` where the reader has to start over. */
export const checkToken = (token: FeedToken, feed: FeedState): void => {
  const state = { epoch: epochOf(feed), oldestSeq: feed.prunedThrough + 1n, headSeq: feed.lastSeq }
  if (readerMustRestart(token, state)) throw apiError('feed-restart-needed')
}
