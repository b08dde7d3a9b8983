import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCameraUrl } from './camera-url.ts'
import { redact } from './redact.ts'

describe('redact', () => {
  test('keeps host and path of a URL and drops its credentials and query', () => {
    expect(redact("Impossible to open 'rtsp://cam:s3cret@10.0.0.5:554/live?token=abc'", [])).toBe(
      "Impossible to open 'rtsp://10.0.0.5:554/live?***'",
    )
  })

  test('replaces secrets that stand outside a URL', () => {
    expect(redact('Digest username="operator", nonce', ['operator'])).toBe('Digest username="***", nonce')
  })

  test('drops all of a password that itself looks like the end of the user info', () => {
    expect(redact('open rtsp://u:p@ss/w@cam/x', [])).toBe('open rtsp://cam/x')
    expect(redact('open rtsp://u:p?q@cam/x', [])).toBe('open rtsp://***?***')
  })

  test('leaves a line without secrets as it is', () => {
    expect(redact('[rtsp @ 0x1] method DESCRIBE failed: 404 Not Found', ['s3cret'])).toContain('404 Not Found')
  })

  test('no secret of a URL survives, wherever and however it is written', () => {
    const secret = fc.string({ minLength: 6, maxLength: 20, unit: fc.constantFrom(...'abcXYZ019%@:/ ?&=+é') })
    const before = fc.constantFrom('', 'error ', 'Server returned (', '"')
    fc.assert(
      fc.property(secret, secret, before, (password, token, prefix) => {
        const canary = { password: `canary${password}`, token: `canary${token}` }
        const written = encodeURIComponent(canary.password)
        const url = `rtsp://user:${written}@cam/live?t=${encodeURIComponent(canary.token)}`
        const { secrets } = parseCameraUrl(url)
        const lines = [`${prefix}${url}`, `${prefix}${canary.password}`, `${prefix}${written} x`, `t=${canary.token}`]
        for (const line of lines) expect(redact(line, secrets)).not.toContain('canary')
      }),
    )
  })
})
