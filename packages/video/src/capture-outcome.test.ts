import { describe, expect, test } from 'vitest'
import { classifyExit } from './capture-outcome.ts'

describe('classifyExit', () => {
  test.each([
    ['method DESCRIBE failed: 401 Unauthorized', 'refused', 'unauthorized'],
    ['method DESCRIBE failed: 403 Forbidden', 'refused', 'forbidden'],
    ['method DESCRIBE failed: 404 Not Found', 'refused', 'not-found'],
    ['Connection to tcp://10.0.0.5:554?timeout=5000000 failed: Connection refused', 'refused', 'connection-refused'],
    ['method SETUP failed: 461 Unsupported Transport', 'refused', 'transport'],
    ['Connection to tcp://10.0.0.5:554 failed: Connection timed out', 'unreachable', 'timeout'],
    ['Connection to tcp://10.0.0.5:554 failed: No route to host', 'unreachable', 'no-route'],
    ['Failed to resolve hostname cam.invalid: Name or service not known', 'unreachable', 'unknown-host'],
    ["Stream map '0:v:0' matches no streams.", 'wrong-codec', 'no-video'],
    ['Could not find tag for codec pcm_s16le in stream #0', 'wrong-codec', 'not-mp4'],
    ['av_interleaved_write_frame(): No space left on device', 'failed', 'disk-full'],
    ["Impossible to open 'rtsp://10.0.0.5/live'", 'unreachable', 'no-answer'],
    ['Segmentation fault', 'failed', 'ffmpeg'],
  ])('%s, before any segment: %s, %s', (line, kind, reason) => {
    expect(classifyExit(1, [line], 0)).toEqual({ kind, reason })
  })

  test('exit code 0 without a word is a drop-out, with segments or without', () => {
    expect(classifyExit(0, [], 0)).toEqual({ kind: 'ended', reason: 'closed' })
    expect(classifyExit(0, [], 7)).toEqual({ kind: 'ended', reason: 'closed' })
  })

  test('once segments came, a refusal or a timeout is a drop-out of a camera that was reached', () => {
    expect(classifyExit(1, ['Connection timed out'], 3)).toEqual({ kind: 'ended', reason: 'timeout' })
  })

  test('a full disk is this side’s failure however many segments came', () => {
    expect(classifyExit(1, ['No space left on device'], 3)).toEqual({ kind: 'failed', reason: 'disk-full' })
  })

  test('a child that a signal killed has no exit code and failed, where it gave nothing', () => {
    expect(classifyExit(null, [], 0)).toEqual({ kind: 'failed', reason: 'ffmpeg' })
  })
})
