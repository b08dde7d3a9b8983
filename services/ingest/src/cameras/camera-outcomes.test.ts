import { cameraStates, lossReasons } from '@takt/domain'
import type { CaptureKind } from '@takt/video'
import { expect, test } from 'vitest'
import { judgeError, judgeOutcome } from './camera-outcomes.ts'

const ends: readonly (readonly [CaptureKind, string, number, string, string])[] = [
  // kind, reason, segments → state, loss
  ['ended', 'closed', 3, 'starting', 'disconnected'],
  ['ended', 'closed', 0, 'stalled', 'stalled'],
  ['ended', 'timeout', 3, 'stalled', 'stalled'],
  ['stalled', 'no-segment', 3, 'stalled', 'stalled'],
  ['refused', 'unauthorized', 0, 'refused', 'refused'],
  ['unreachable', 'timeout', 0, 'unreachable', 'unreachable'],
  ['wrong-codec', 'mjpeg', 0, 'wrong-codec', 'wrong-codec'],
  ['failed', 'ffmpeg', 0, 'failed', 'failed'],
  ['failed', 'disk-full', 5, 'spool-full', 'spool-full'],
]

test.each(ends)(
  'a capture that %s (%s) after %i segments leaves the camera %s and its time lost: %s',
  (kind, reason, segments, state, loss) => {
    expect(judgeOutcome({ kind, reason, segments })).toEqual({ state, loss })
  },
)

test('every verdict is a state and a reason of the domain', () => {
  for (const [kind, reason, segments] of ends) {
    const { state, loss } = judgeOutcome({ kind, reason, segments })!
    expect(cameraStates).toContain(state)
    expect(lossReasons).toContain(loss)
  }
})

test('what ingest itself has ended is no verdict on the camera', () => {
  expect(judgeOutcome({ kind: 'aborted', reason: 'aborted', segments: 0 })).toBeNull()
})

test('an error is named by its code, and a full disk is a full spool', () => {
  expect(judgeError(Object.assign(new Error('x'), { code: 'url-invalid' }))).toEqual({
    verdict: { state: 'failed', loss: 'failed' },
    reason: 'url-invalid',
  })
  expect(judgeError(Object.assign(new Error('x'), { code: 'ENOSPC' })).verdict.state).toBe('spool-full')
  expect(judgeError('thrown text').reason).toBe('unexpected')
})
