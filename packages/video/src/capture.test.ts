import { describe, expect, test, vi } from 'vitest'
import { type CaptureOptions, capture } from './capture.ts'

const options = (changes: Partial<CaptureOptions>): CaptureOptions => ({
  url: 'rtsp://cam/live',
  transport: 'tcp',
  directory: '/nowhere',
  prefix: 's-',
  signal: new AbortController().signal,
  onSegment: vi.fn(),
  onUnreadable: vi.fn(),
  ...changes,
})

describe('capture', () => {
  test.each([
    { prefix: '../s-' },
    { prefix: '%s' },
    { prefix: 's,1' },
    { segmentSeconds: 0 },
    { segmentSeconds: Number.NaN },
    { timeoutMs: Number.POSITIVE_INFINITY },
  ])('refuses %o before it starts anything', async changes => {
    await expect(capture(options(changes))).rejects.toMatchObject({ code: 'capture-invalid' })
  })

  test('refuses a URL that is no camera’s', async () => {
    await expect(capture(options({ url: "rtsp://cam/'\nfile 'x" }))).rejects.toMatchObject({ code: 'url-invalid' })
  })

  test('that is aborted before it starts is aborted', async () => {
    expect(await capture(options({ signal: AbortSignal.abort() }))).toMatchObject({ kind: 'aborted', segments: 0 })
  })
})
