import { expect, test } from 'vitest'
import { parseSegmentList } from './cut-segments.ts'

test('a line of the list is a name, a start and an end', () => {
  expect(parseSegmentList('00000.mp4,0.000000,4.000000\n00001.mp4,4.000000,7.500000\n')).toEqual([
    { name: '00000.mp4', startSeconds: 0, durationSeconds: 4 },
    { name: '00001.mp4', startSeconds: 4, durationSeconds: 3.5 },
  ])
})
