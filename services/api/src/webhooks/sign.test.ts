import { expect, test } from 'vitest'
import { mintSecret, signatures } from './sign.ts'

// The worked example of the Standard Webhooks specification's reference libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' }

test('signs as the reference libraries do', () => {
  expect(signatures([secret], message)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('within a rotation a message has a signature of each secret', () => {
  const next = mintSecret()
  expect(signatures([next, secret], message).split(' ')).toEqual([
    signatures([next], message),
    signatures([secret], message),
  ])
})

test('id, time and body are all signed', () => {
  const all = [message, { ...message, id: 'x' }, { ...message, timestamp: 1 }, { ...message, body: '{}' }]
  expect(new Set(all.map(one => signatures([secret], one))).size).toBe(4)
})
