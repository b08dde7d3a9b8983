import { DomainError } from './errors.ts'

/** A place in the change feed. Readers see it only as an opaque token. */
export interface FeedToken {
  /** Raised by a restore, which may have undone changes that a reader has seen. */
  readonly epoch: number
  /** The last change that the reader has seen; 0 is the beginning. */
  readonly seq: bigint
}

export interface Feed {
  readonly epoch: number
  /** The oldest change still kept, or `headSeq + 1` when none is. */
  readonly oldestSeq: bigint
  readonly headSeq: bigint
}

const version = 1
const tokenPattern = /^[A-Za-z0-9_-]{1,64}$/
const contentPattern = /^(\d{1,3})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,17})$/

export const encodeFeedToken = (token: FeedToken): string =>
  btoa(`${version}.${token.epoch}.${token.seq}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** Reads a reader's token. Throws `feed-token-refused` for anything that `encodeFeedToken` does not write. */
export function parseFeedToken(text: string): FeedToken {
  if (!tokenPattern.test(text))
    throw new DomainError('feed-token-refused', { why: 'not base64url of at most 64 characters' })
  const [, tokenVersion, epoch, seq] = contentPattern.exec(decode(text)) ?? []
  if (!tokenVersion || !epoch || !seq) throw new DomainError('feed-token-refused', { why: 'malformed content' })
  if (tokenVersion !== String(version)) throw new DomainError('feed-token-refused', { why: `version ${tokenVersion}` })
  const token: FeedToken = { epoch: Number(epoch), seq: BigInt(seq) }
  if (encodeFeedToken(token) !== text) throw new DomainError('feed-token-refused', { why: 'not in canonical form' })
  return token
}

/** Whether a reader has to start over (410): a restore came between, what it missed is no longer kept, or it is ahead of the feed. */
export const readerMustRestart = (token: FeedToken, feed: Feed): boolean =>
  token.epoch !== feed.epoch || token.seq > feed.headSeq || token.seq + 1n < feed.oldestSeq

function decode(text: string): string {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  } catch (cause) {
    throw new DomainError('feed-token-refused', { why: 'not base64url' }, cause)
  }
}
