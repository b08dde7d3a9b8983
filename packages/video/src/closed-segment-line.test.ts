import { expect, test } from 'vitest'
import { parseClosedSegmentLine } from './closed-segment-line.ts'

test('a line of the segment list is a name and two times', () => {
  expect(parseClosedSegmentLine('s-00001.mp4,4.960000,8.960000')).toEqual({
    name: 's-00001.mp4',
    startSeconds: 4.96,
    endSeconds: 8.96,
  })
})

test.each([
  '',
  'x',
  'a.mp4,1',
  'a.mp4,1,2,3',
  '../a.mp4,1,2',
  'a/b.mp4,1,2',
  'a.mp4,-1,2',
  'a.mp4,nan,2',
  '"a.mp4",1,2',
])('%j is no line of it', line => {
  expect(parseClosedSegmentLine(line)).toBeUndefined()
})
