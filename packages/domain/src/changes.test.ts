import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { encodeFeedToken, parseFeedToken, readerMustRestart } from './changes.ts'

const anyToken = fc.record({
  epoch: fc.integer({ min: 0, max: 999_999_999 }),
  seq: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
})
const sealed = (content: string): string => Buffer.from(content).toString('base64url')

describe('a feed token', () => {
  test('comes back as it went, and is safe in a URL', () => {
    fc.assert(
      fc.property(anyToken, token => {
        const text = encodeFeedToken(token)
        expect(text).toBe(encodeURIComponent(text))
        expect(parseFeedToken(text)).toEqual(token)
      }),
    )
  })

  test('is refused, or was written here, whatever a reader sends', () => {
    const hostile = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.string().map(sealed),
      fc.stringMatching(/^\d\.\d+\.\d+$/).map(sealed),
    )
    fc.assert(
      fc.property(hostile, text => {
        try {
          expect(encodeFeedToken(parseFeedToken(text))).toBe(text)
        } catch (error) {
          expect(error).toMatchObject({ code: 'feed-token-refused', retryable: false })
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['nothing', ''],
    ['another version', sealed('2.0.0')],
    ['a negative place', sealed('1.0.-1')],
    ['a leading zero', sealed('1.0.01')],
    ['a place past the largest', sealed(`1.0.${'9'.repeat(19)}`)],
    ['padding', btoa('1.0.1')],
    ['stray bits in its last character', sealed('1.0.1').replace(/E$/, 'F')],
    ['a line break', `${sealed('1.0.1')}\n`],
    ['a long text', 'A'.repeat(100_000)],
  ])('is refused for %s', (_, text) => {
    expect(() => parseFeedToken(text)).toThrow(expect.objectContaining({ code: 'feed-token-refused' }))
  })
})

describe('a reader', () => {
  const feed = { epoch: 3, oldestSeq: 100n, headSeq: 200n }

  it.each([
    ['has read everything', 200n, 3, false],
    ['goes on with the oldest change kept', 99n, 3, false],
    ['missed a change that is gone', 98n, 3, true],
    ['is ahead of the feed', 201n, 3, true],
    ['comes from before a restore', 150n, 2, true],
  ])('that %s is told whether to start over', (_, seq, epoch, mustRestart) => {
    expect(readerMustRestart({ epoch, seq }, feed)).toBe(mustRestart)
  })
})
