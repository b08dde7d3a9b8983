import { expect, test } from 'vitest'
import { openSeal } from './sealed.ts'

const url = 'rtsp://admin:hunter2@camera-1/stream'
const context = 'camera:1'
const seal = openSeal('the secret of a plant')
const broken = expect.objectContaining({ code: 'seal-broken', retryable: false })

test('what is sealed opens in its context, and shows nothing of itself', () => {
  const sealed = seal.seal(url, context)
  expect(Buffer.from(sealed).toString('latin1')).not.toContain('hunter2')
  expect(seal.open(sealed, context)).toBe(url)
  expect(openSeal('the secret of a plant').open(sealed, context)).toBe(url)
})

test('the same text is sealed differently each time', () => {
  expect(seal.seal(url, context)).not.toEqual(seal.seal(url, context))
})

test('another secret does not open it, and the error names the context and not the text', () => {
  const sealed = seal.seal(url, context)
  expect(() => openSeal('another secret').open(sealed, context)).toThrow(broken)
  expect(() => openSeal('another secret').open(sealed, context)).toThrow(/camera:1/)
  expect(() => openSeal('another secret').open(sealed, context)).not.toThrow(/hunter2/)
})

test('moved to another row it does not open', () => {
  expect(() => seal.open(seal.seal(url, context), 'camera:2')).toThrow(broken)
})

test('altered in any byte, cut or lengthened it does not open', () => {
  const sealed = seal.seal(url, context)
  for (let at = 0; at < sealed.length; at++) {
    const altered = sealed.slice()
    altered[at]! ^= 1
    expect(() => seal.open(altered, context)).toThrow(broken)
  }
  for (let length = 0; length < sealed.length; length++)
    expect(() => seal.open(sealed.subarray(0, length), context)).toThrow(broken)
  expect(() => seal.open(Uint8Array.of(...sealed, 0), context)).toThrow(broken)
})
